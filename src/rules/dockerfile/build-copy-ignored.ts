import type { BuildContext, Instruction, Word } from "#model/evidence/dockerfile.ts";
import { expand } from "#evidence/dockerfile/expand.ts";
import { contextPath } from "#evidence/dockerfile/ignore-file.ts";
import { page, rule } from "../rule.ts";
import { copiesOf, flagOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { isGit, isHeredoc, isUrl, transferOf } from "./facts/instruction-sources.ts";
import { scopeBefore } from "./facts/scope-variables.ts";

const EVERYTHING = new Set(["*", "**", "**/*"]);

export default rule({
  id: "SW-DF-COPY-IGNORED",
  subject: "dockerfile",
  title: "Copies what the ignore file leaves out",
  severity: "high",
  risk: "The builder never gets the file: the build fails, or goes on without it where a pattern finds nothing.",
  countermeasure: "Take the path out of the ignore file, or out of the instruction.",
  remediation: { dockerfile: "!path in .dockerignore, behind the pattern that leaves it out" },
  aliases: ["CopyIgnoredFile"],
  references: [
    page(
      "Docker build checks: CopyIgnoredFile",
      "https://docs.docker.com/reference/build-checks/copy-ignored-file/",
    ),
    page("Dockerignore files", "https://docs.docker.com/build/concepts/context/#dockerignore-files"),
  ],
  examples: {
    bad: "# .dockerignore holds: dist\nCOPY dist /app",
    good: "# .dockerignore holds: node_modules\nCOPY dist /app",
  },
  judge: ({ dockerfile, context }) => {
    if (context === null || context.ignore === null || context.ignore.patterns.length === 0) return [];
    const { ignore } = context;
    return failures(
      copiesOf(dockerfile).flatMap((instruction) => {
        if (flagOf(instruction, "from") !== null) return [];
        const { sources } = transferOf(instruction) ?? { sources: [] };
        return sources.flatMap((source): Fault[] => {
          const path = pathOf(source, instruction, dockerfile.escape, scopeBefore(dockerfile, instruction));
          if (path === null || !isLeftOut(path, context)) return [];
          const what = path === "." ? "the whole context" : `"${shown(path)}"`;
          const verb = instruction.keyword === "ADD" ? "adds" : "copies";
          return [
            {
              message: `${verb} ${what}, which ${shown(ignore.path)} leaves out`,
              range: source.range,
              key: `${instruction.keyword} ${path}`,
            },
          ];
        });
      }),
    );
  },
});

/** The path of a source within the context; null for what is none, and for what is not known. */
function pathOf(
  source: Word,
  { json }: Instruction,
  escape: string,
  scope: ReturnType<typeof scopeBefore>,
): string | null {
  if (isHeredoc(source)) return null;
  let { value } = source;
  if (value.includes("$")) {
    const { text, unknown, error, missing } = expand(json ? source.value : source.raw, scope, escape);
    if (unknown || error !== null || missing.length > 0) return null;
    value = text;
  }
  return value === "" || isUrl(value) || isGit(value) ? null : contextPath(value);
}

function isLeftOut(path: string, { ignore, ignores }: BuildContext): boolean {
  const patterns = ignore?.patterns ?? [];
  const kept = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  // Only patterns that leave everything out leave nothing of the context itself.
  if (path === ".") return kept.length === 0 && patterns.some((pattern) => EVERYTHING.has(pattern));
  return ignores(path) && !kept.some((pattern) => mayKeepBelow(pattern, path));
}

/** Whether a pattern may take back something that lies in a folder, so that copying the folder makes sense. */
function mayKeepBelow(pattern: string, path: string): boolean {
  const [literal = ""] = /^[^*?[\\]*/.exec(pattern) ?? [];
  const below = `${path}/`;
  return literal === pattern
    ? literal.startsWith(below)
    : literal.startsWith(below) || below.startsWith(literal);
}
