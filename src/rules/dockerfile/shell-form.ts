import type { Dockerfile, Instruction, Stage } from "#model/evidence/dockerfile.ts";
import type { Fix } from "#model/text.ts";
import { page, rule } from "../rule.ts";
import { type EditedFile, fixOf, hasCommentWithin, jsonForm, replaced } from "./facts/instruction-edits.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { looksLikeJson } from "./facts/instruction-json.ts";
import { plainWords, shellForm } from "./facts/instruction-plain-command.ts";
import { effective, stageOf, stageTitle } from "./facts/stage-place.ts";

const BUILDER = "JSONArgsRecommended";
const PEERS = ["kics:b86987e1", "droast:DF018", "droast:DF025", "semgrep:prefer-json-notation"];

export default rule({
  id: "SW-DF-SHELL-FORM",
  subject: "dockerfile",
  title: "Starts the program by way of a shell",
  severity: "low",
  risk: "A shell is the first process and passes no signal on: the program is killed instead of asked to stop, and loses what it had not written.",
  countermeasure:
    "Name program and arguments as a JSON array. Where a shell is needed, let it exec the program.",
  remediation: { dockerfile: 'CMD ["nginx", "-g", "daemon off;"]' },
  aliases: ["DL3025", BUILDER, ...PEERS],
  references: [
    page(
      "Docker build checks: JSONArgsRecommended",
      "https://docs.docker.com/reference/build-checks/json-args-recommended/",
    ),
    page("hadolint: DL3025", "https://github.com/hadolint/hadolint/wiki/DL3025"),
  ],
  examples: { bad: "CMD nginx -g 'daemon off;'", good: 'CMD ["nginx", "-g", "daemon off;"]' },
  judge: ({ path, dockerfile }, { settings }) => {
    const strict = settings.preset === "hadolint";
    const faults: Fault[] = [];
    // Stages whose shell somebody chose: there the shell form is meant.
    const chosen = new Set<number>();
    for (const instruction of dockerfile.instructions) {
      const { keyword, stage: index } = instruction;
      const stage = stageOf(dockerfile, instruction);
      if (keyword === "FROM" && stage?.base != null && chosen.has(stage.base)) chosen.add(index);
      else if (keyword === "SHELL") chosen.add(index);
      if (!isShellForm(instruction, strict)) continue;
      const builder = stage !== null && keyword !== "HEALTHCHECK" && !chosen.has(index);
      const text = instruction.arguments.text;
      if (!strict && (!builder || looksLikeJson(text))) continue;
      faults.push({
        message: `${keyword} ${shown(text)} starts a shell: JSON arguments are recommended`,
        range: rangeOf(instruction),
        key: `${stageTitle(stage)} ${keyword} ${text}`,
        aliases: [...(strict || builder ? ["DL3025"] : []), ...(builder ? [BUILDER] : []), ...PEERS],
        fixes: chosen.has(index) ? [] : jsonFix({ path, dockerfile }, instruction, stage),
      });
    }
    return failures(faults);
  },
});

function isShellForm(
  { keyword, json, arguments: { text }, healthcheck }: Instruction,
  strict: boolean,
): boolean {
  if (json || text === "") return false;
  if (keyword === "CMD" || keyword === "ENTRYPOINT") return true;
  return strict && keyword === "HEALTHCHECK" && healthcheck === "CMD";
}

function rangeOf({ words, range, headRange }: Instruction): Fault["range"] {
  return { start: words[0]?.range.start ?? range.start, end: words.at(-1)?.range.end ?? headRange.end };
}

function jsonFix(file: EditedFile, instruction: Instruction, stage: Stage | null): Fix[] {
  const body = shellForm(instruction);
  const words = body === null ? null : plainWords(body);
  if (words === null || hasCommentWithin(file.dockerfile, instruction.range)) return [];
  const range = rangeOf(instruction);
  const safety = changesArguments(file.dockerfile, instruction, stage) ? "unsafe" : "safe";
  return [fixOf("Write the JSON form", safety, [replaced(file, range, jsonForm(words))])];
}

/**
 * A shell that is the entrypoint drops the arguments of CMD, and CMD in shell form hands a shell to the entrypoint:
 * where both are there, the JSON form of one starts something else.
 */
function changesArguments(dockerfile: Dockerfile, { keyword }: Instruction, stage: Stage | null): boolean {
  if (stage === null || keyword === "HEALTHCHECK") return false;
  if (keyword === "CMD") return effective(dockerfile, stage, "ENTRYPOINT") !== null;
  return stage.instructions.some((other) => other.keyword === "CMD");
}
