import type { Instruction } from "#model/evidence/dockerfile.ts";
import type { Fix } from "#model/text.ts";
import { page, type Reference, type Rule, rule } from "../rule.ts";
import { type EditedFile, fixOf, withoutInstruction } from "./facts/instruction-edits.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";

const BUILDER = "MultipleInstructionsDisallowed";
const CHECK: Reference = page(
  "Docker build checks: MultipleInstructionsDisallowed",
  "https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/",
);

interface Repeatable {
  keyword: string;
  code: string;
  peers: string[];
  example: { first: string; last: string };
}

export default [
  once({
    keyword: "CMD",
    code: "DL4003",
    peers: ["trivy:DS-0016", "kics:41c195f4", "droast:DF038"],
    example: { first: 'CMD ["a"]', last: 'CMD ["b"]' },
  }),
  once({
    keyword: "ENTRYPOINT",
    code: "DL4004",
    peers: ["trivy:DS-0007", "kics:6938958b", "droast:DF039", "semgrep:multiple-entrypoint-instructions"],
    example: { first: 'ENTRYPOINT ["a"]', last: 'ENTRYPOINT ["b"]' },
  }),
  once({
    keyword: "HEALTHCHECK",
    code: "DL3012",
    peers: ["trivy:DS-0023", "droast:DF041"],
    example: { first: "HEALTHCHECK CMD a", last: "HEALTHCHECK CMD b" },
  }),
] satisfies Rule<"dockerfile">[];

/** The rule on one instruction of which only the last in a stage counts. */
function once({ keyword, code, peers, example: { first, last } }: Repeatable): Rule<"dockerfile"> {
  return rule({
    id: `SW-DF-${keyword}-REPEATED`,
    subject: "dockerfile",
    title: `More than one ${keyword} in a stage`,
    severity: "low",
    risk: `Only the last ${keyword} counts. Whoever changes another one changes nothing, and may not see it.`,
    countermeasure: "Remove those that do not count.",
    remediation: { dockerfile: `keep the last ${keyword} of the stage` },
    aliases: [code, BUILDER, ...peers],
    references: [CHECK, page(`hadolint: ${code}`, `https://github.com/hadolint/hadolint/wiki/${code}`)],
    examples: { bad: `${first}\n${last}`, good: last },
    judge: ({ path, dockerfile }, { settings }) => {
      const before = new Map<number, Instruction>();
      const faults: Fault[] = [];
      for (const instruction of instructionsOf(dockerfile, keyword)) {
        const ignored = before.get(instruction.stage);
        before.set(instruction.stage, instruction);
        if (ignored === undefined) continue;
        const stage = stageTitle(stageOf(dockerfile, instruction));
        const both = settings.preset !== "hadolint";
        faults.push({
          message: `this ${keyword} is ignored: of multiple ${keyword} instructions only the last one of a stage is used`,
          range: ignored.range,
          key: `${stage} ${ignored.arguments.text}`,
          aliases: both ? [code, BUILDER, ...peers] : [BUILDER],
          fixes: removal({ path, dockerfile }, ignored),
        });
        if (both) continue;
        // The builder points at the one that is ignored, the old tool at the one that takes its place.
        faults.push({
          message: `${keyword} ${shown(instruction.arguments.text)} is one of multiple in this stage`,
          range: instruction.range,
          key: `${stage} again ${instruction.arguments.text}`,
          aliases: [code, ...peers],
        });
      }
      return failures(faults);
    },
  });
}

function removal(file: EditedFile, ignored: Instruction): Fix[] {
  // Before FROM nothing is built, and a comment that moves to the top could become a directive.
  const edit = ignored.stage === -1 ? null : withoutInstruction(file, ignored);
  return edit === null ? [] : [fixOf(`Remove the ${ignored.keyword} that is ignored`, "safe", [edit])];
}
