import { basename } from "node:path";
import type { SourceKind } from "#model/evidence/source.ts";

const DOCKERFILE = /^(?:docker|container)file(?:\.[\w.-]+)?$|(?:^|[._-])(?:docker|container)file$/i;
// Dockerfile.dockerignore belongs to a Dockerfile; the rest are texts about one.
const NO_DOCKERFILE = /\.(?:dockerignore|md|txt|sh|py|js|ts|go|json|ya?ml|orig|rej|bak|swp)$/i;
const COMPOSE = /^(?:docker-|podman-)?compose(?:[.-][\w.-]+)?\.ya?ml$/i;
const YAML = /\.ya?ml$/i;
const JSON_FILE = /\.json$/i;
const SCRIPT = /\.(?:sh|bash|ksh|zsh|mk|md|markdown|service|envrc)$|^(?:makefile|gnumakefile|justfile)$/i;
const WORKFLOW = /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$|^\.gitlab-ci\.ya?ml$/;

/**
 * What a file is by its name alone; `yaml` and `json` may be several things and are told by {@link kindByContent}.
 * null = nothing that we read.
 */
export function kindByName(path: string): SourceKind | "yaml" | "json" | null {
  const name = basename(path);
  if (DOCKERFILE.test(name) && !NO_DOCKERFILE.test(name)) return "dockerfile";
  if (COMPOSE.test(name)) return "compose";
  if (WORKFLOW.test(path.replaceAll("\\", "/"))) return "script";
  if (YAML.test(name)) return "yaml";
  if (JSON_FILE.test(name)) return "json";
  return SCRIPT.test(name) ? "script" : null;
}

const KUBERNETES = /^["']?apiVersion["']?[ \t]*:/m;
const KIND = /^["']?kind["']?[ \t]*:/m;
const JSON_KUBERNETES = /"apiVersion"\s*:/;
const SERVICES = /^services[ \t]*:/m;
const FROM = /^[ \t]*FROM[ \t]+\S/im;
const RUNS = /\b(?:docker|podman|nerdctl)\s+(?:container\s+)?(?:run|create)\b/;
const LOOKED_AT = 1 << 20;

/**
 * What a text is by what stands in it: a Kubernetes object, a Compose file, a Dockerfile, a script with run lines.
 * null = none of these.
 */
export function kindByContent(text: string): SourceKind | null {
  const head = text.slice(0, LOOKED_AT);
  if (KUBERNETES.test(head) && KIND.test(head)) return "kubernetes";
  if (head.trimStart().startsWith("{")) return JSON_KUBERNETES.test(head) ? "kubernetes" : null;
  if (SERVICES.test(head)) return "compose";
  if (!head.startsWith("#!") && FROM.test(head)) return "dockerfile";
  return RUNS.test(head) ? "script" : null;
}
