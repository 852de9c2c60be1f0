import type { Dockerfile, Instruction, Stage } from "#model/evidence/dockerfile.ts";
import type { Fix } from "#model/text.ts";
import { page, rule } from "../rule.ts";
import { fixOf, replaced } from "./facts/instruction-edits.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { absolutePath, isAbsolute } from "./facts/instruction-paths.ts";
import { isWindows, stageOf, stageTitle } from "./facts/stage-place.ts";
import { expandedWord, stateBefore } from "./facts/stage-state.ts";

const BUILDER = "WorkdirRelativePath";
const PEERS = ["trivy:DS-0009", "checkov:CKV_DOCKER_10", "kics:6b376af8", "droast:DF009"];

export default rule({
  id: "SW-DF-WORKDIR-RELATIVE",
  subject: "dockerfile",
  title: "The working folder hangs on another one",
  severity: "low",
  risk: "A relative WORKDIR starts from the one before, at first from that of the base image: with its next release, files may land elsewhere.",
  countermeasure: "Write the whole path.",
  remediation: { dockerfile: "WORKDIR /app" },
  aliases: ["DL3000", BUILDER, ...PEERS],
  references: [
    page(
      "Docker build checks: WorkdirRelativePath",
      "https://docs.docker.com/reference/build-checks/workdir-relative-path/",
    ),
    page("hadolint: DL3000", "https://github.com/hadolint/hadolint/wiki/DL3000"),
  ],
  examples: { bad: "FROM node:22\nWORKDIR app", good: "FROM node:22\nWORKDIR /app" },
  judge: ({ path, dockerfile }, { settings }) => {
    const faults: Fault[] = [];
    // Stages in which some WORKDIR stands already, their own or one that they inherit.
    const set = new Set<number>();
    for (const instruction of dockerfile.instructions) {
      const { keyword, stage: index } = instruction;
      if (keyword !== "FROM" && keyword !== "WORKDIR") continue;
      const stage = stageOf(dockerfile, instruction);
      if (keyword === "FROM" && stage?.base != null && set.has(stage.base)) set.add(index);
      const [word] = instruction.words;
      if (keyword !== "WORKDIR" || word === undefined) continue;
      const isFirst = stage !== null && !set.has(index);
      set.add(index);
      const written = word.value.replaceAll(/^["']+|["']+$/g, "");
      const plain = !isAbsolute(written) && !written.startsWith("$");
      const value = expandedWord(dockerfile, word) ?? written;
      const builder = isFirst && !isAbsolute(value) && !value.startsWith("$");
      const told = settings.preset === "recommended" ? builder : builder || plain;
      if (!told) continue;
      faults.push({
        message: builder
          ? `relative WORKDIR "${shown(written)}": where it lies is up to the base image`
          : `relative WORKDIR "${shown(written)}": where it lies is up to the WORKDIR before`,
        range: word.range,
        key: `${stageTitle(stage)} ${written}`,
        aliases: [...(plain ? ["DL3000"] : []), ...(builder ? [BUILDER] : []), ...PEERS],
        fixes: absoluteFix(path, dockerfile, { instruction, stage, written }),
      });
    }
    return failures(faults);
  },
});

function absoluteFix(
  path: string,
  dockerfile: Dockerfile,
  { instruction, stage, written }: { instruction: Instruction; stage: Stage | null; written: string },
): Fix[] {
  const [word] = instruction.words;
  if (word === undefined || stage === null || isWindows(dockerfile, stage) || /[$"'\\`]/.test(written))
    return [];
  const { workdir } = stateBefore(dockerfile, instruction);
  const whole = absolutePath(workdir ?? "/", written);
  // Where the base image decides, / is a guess, and the likeliest one.
  if (whole === null || word.range.end - word.range.start !== word.raw.length) return [];
  const quote = word.quote ?? "";
  return [
    fixOf(`Write ${whole}`, workdir === null ? "unsafe" : "safe", [
      replaced({ path }, word.range, quote + whole + quote),
    ]),
  ];
}
