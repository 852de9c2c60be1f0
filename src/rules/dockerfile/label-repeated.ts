import type { Instruction, Pair } from "#model/evidence/dockerfile.ts";
import type { Fix } from "#model/text.ts";
import { page, rule } from "../rule.ts";
import { type EditedFile, fixOf, hasCommentWithin, withoutInstruction } from "./facts/instruction-edits.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";

export default rule({
  id: "SW-DF-LABEL-REPEATED",
  subject: "dockerfile",
  title: "A label is set twice in a stage",
  severity: "info",
  risk: "Only the last value is in the image; the first one misleads those who read the file.",
  countermeasure: "Keep the one that is meant.",
  remediation: { dockerfile: "remove the first of the two" },
  aliases: ["tally:labels/no-duplicate-keys"],
  references: [page("Dockerfile reference: LABEL", "https://docs.docker.com/reference/dockerfile/#label")],
  examples: { bad: "LABEL team=web\nLABEL team=data", good: "LABEL team=data" },
  judge: ({ path, dockerfile }) => {
    const last = new Map<string, { instruction: Instruction; pair: Pair }>();
    const faults: Fault[] = [];
    for (const instruction of instructionsOf(dockerfile, "LABEL")) {
      for (const pair of instruction.pairs) {
        const key = `${instruction.stage} ${pair.name.value}`;
        const before = last.get(key);
        last.set(key, { instruction, pair });
        if (before === undefined || pair.name.value.includes("$")) continue;
        const stage = stageTitle(stageOf(dockerfile, instruction));
        faults.push({
          message: `the label ${shown(pair.name.value)} is set again further down`,
          range: before.pair.range,
          key: `${stage} ${pair.name.value}`,
          fixes: removal({ path, dockerfile }, before.instruction, before.pair),
        });
      }
    }
    return failures(faults);
  },
});

function removal(file: EditedFile, instruction: Instruction, pair: Pair): Fix[] {
  const { pairs, range } = instruction;
  if (instruction.stage === -1) return [];
  if (pairs.length === 1) {
    const edit = withoutInstruction(file, instruction);
    return edit === null ? [] : [fixOf("Remove the label that does not count", "safe", [edit])];
  }
  // With the blanks and line ends up to its neighbour, so that no line is left that goes on into nothing.
  const at = pairs.indexOf(pair);
  const next = pairs[at + 1];
  if (next === undefined || hasCommentWithin(file.dockerfile, range)) return [];
  return [
    fixOf("Remove the label that does not count", "safe", [
      { path: file.path, start: pair.range.start, end: next.range.start, text: "" },
    ]),
  ];
}
