import { basename } from "node:path";
import type { SourceKind } from "#model/evidence/source.ts";
import { kindByContent, kindByName } from "#evidence/project/kind.ts";

// Identifiers of the specification ("Text Document Language Identifiers"), and those that editors use besides.
const BY_LANGUAGE: Readonly<Record<string, SourceKind>> = {
  dockerfile: "dockerfile",
  containerfile: "dockerfile",
  dockercompose: "compose",
  "docker-compose": "compose",
  "yaml.docker-compose": "compose",
  "yaml.compose": "compose",
  shellscript: "script",
  sh: "script",
  bash: "script",
  ksh: "script",
  zsh: "script",
  makefile: "script",
  make: "script",
  just: "script",
  markdown: "script",
  systemd: "script",
  "systemd-unit": "script",
};

/**
 * What an open document is: what the editor calls it, then its name, then what stands in it.
 *
 * @returns null if it is nothing that we lint
 */
export function documentKind(languageId: string, path: string, text: string): SourceKind | null {
  const language = languageId.toLowerCase();
  const told = Object.hasOwn(BY_LANGUAGE, language) ? BY_LANGUAGE[language] : undefined;
  if (told !== undefined) return told;
  const named = kindByName(path);
  if (named !== "yaml" && named !== "json" && named !== null) return named;
  const holdsData = named !== null || /^(?:yaml|json|jsonc|helm)\b/.test(language);
  if (holdsData) {
    const found = kindByContent(text);
    // A pipeline that mentions a run line is told by its name; any other YAML may only quote one.
    return found === "compose" || found === "kubernetes" ? found : null;
  }
  return null;
}

/** True for files that say how others are judged. */
export function isSettingsFile(path: string): boolean {
  return /^(?:\.?seaworthy\.yaml|\.hadolint\.ya?ml|\.dockerignore|.*\.dockerignore)$/.test(basename(path));
}
