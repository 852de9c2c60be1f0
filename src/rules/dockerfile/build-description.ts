import type { Comment, Dockerfile, Instruction, Word } from "#model/evidence/dockerfile.ts";
import { page, rule } from "../rule.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";

const NAME = "InvalidDefinitionDescription";
// Comments for programs describe nothing.
const PRAGMA = /^(?:check\s*=|(?:hadolint|seaworthy|checkov|trivy|kics|dockle|shellcheck|tally)\b)/i;

export default rule({
  id: "SW-DF-DESCRIPTION",
  subject: "dockerfile",
  title: "A comment describes something else than what it stands above",
  severity: "info",
  risk: "docker build --call=outline shows the comments above FROM and ARG as their descriptions, if they begin with the name.",
  countermeasure:
    "Begin the comment with the name of the stage or the argument, or put an empty line below it.",
  remediation: { dockerfile: "# VERSION is the version to build\nARG VERSION" },
  aliases: [NAME],
  references: [
    page(
      `Docker build checks: ${NAME}`,
      "https://docs.docker.com/reference/build-checks/invalid-definition-description/",
    ),
  ],
  examples: {
    bad: `# check=experimental=${NAME}\n# what to build\nARG VERSION=1\nFROM scratch`,
    good: `# check=experimental=${NAME}\n# VERSION is what to build\nARG VERSION=1\nFROM scratch`,
  },
  // An experiment of the builder's: it is judged where the file asks for it.
  judge: ({ dockerfile }) => {
    if (!isAskedFor(dockerfile)) return [];
    const above = commentsByEnd(dockerfile);
    return failures(
      dockerfile.instructions.flatMap((instruction): Fault[] => {
        const names = described(instruction);
        const [first] = names;
        if (first === undefined) return [];
        const comment = commentAbove(dockerfile, above, instruction);
        if (comment === null || comment.text === "") return [];
        const [word = ""] = comment.text.split(" ", 1);
        const keys = names.map(({ value }) => (instruction.keyword === "FROM" ? value.toLowerCase() : value));
        if (keys.includes(word)) return [];
        const wanted = keys.length > 1 ? "the name of one of its arguments" : (keys[0] ?? "");
        return [
          {
            message: `the comment above ${instruction.keyword} should begin with ${shown(wanted)}, not ${shown(word)}`,
            range: first.range,
            key: `${instruction.keyword} ${keys.join(" ")}`,
          },
        ];
      }),
    );
  },
});

/** `# check=experimental=all` or with the name of this one. */
function isAskedFor({ directives }: Dockerfile): boolean {
  const [value = ""] = directives.find(({ name }) => name === "check")?.value.split(" ", 1) ?? [];
  return value.split(";").some((option) => {
    const [key = "", names = ""] = option.split("=", 2);
    if (key.trim() !== "experimental") return false;
    return names.split(",").some((name) => name.trim() === "all" || name.trim() === NAME);
  });
}

/** Names that a description may be of: of the stage, of the arguments. */
function described({ keyword, from, pairs }: Instruction): Word[] {
  if (keyword === "ARG") return pairs.map(({ name }) => name);
  return keyword === "FROM" && from?.as != null ? [from.as] : [];
}

/** Comments by the offset of the line behind them. */
function commentsByEnd({ text, comments }: Dockerfile): ReadonlyMap<number, Comment> {
  const found = new Map<number, Comment>();
  for (const comment of comments) {
    const feed = text.indexOf("\n", comment.range.end);
    if (!comment.inside && feed !== -1) found.set(feed + 1, comment);
  }
  return found;
}

/** The comment in the line above an instruction; those for programs are looked through. */
function commentAbove(
  { text }: Dockerfile,
  above: ReadonlyMap<number, Comment>,
  { range }: Instruction,
): Comment | null {
  let line = text.lastIndexOf("\n", range.start - 1) + 1;
  for (let comment = above.get(line); comment !== undefined; comment = above.get(line)) {
    if (!PRAGMA.test(comment.text)) return comment;
    line = text.lastIndexOf("\n", comment.range.start - 1) + 1;
  }
  return null;
}
