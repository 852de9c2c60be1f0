import type { Instruction, Word } from "#model/evidence/dockerfile.ts";
import type { Fix } from "#model/text.ts";
import { page, type Rule, rule } from "../rule.ts";
import { fixOf, inserted } from "./facts/instruction-edits.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { isAbsolute } from "./facts/instruction-paths.ts";
import { transferOf } from "./facts/instruction-sources.ts";
import { isWindows, rootImage, stageOf, stageTitle } from "./facts/stage-place.ts";

const COPY = page("Dockerfile reference: COPY", "https://docs.docker.com/reference/dockerfile/#copy");

const folder = rule({
  id: "SW-DF-COPY-MANY-NO-FOLDER",
  subject: "dockerfile",
  title: "Copies several files to what is no folder",
  severity: "medium",
  risk: "Builders refuse it, or write the files over each other.",
  countermeasure: "End the destination with a slash.",
  remediation: { dockerfile: "COPY package.json package-lock.json /app/" },
  aliases: ["DL3021", "trivy:DS-0011", "kics:6db6e0c2", "droast:DF048"],
  references: [COPY, page("hadolint: DL3021", "https://github.com/hadolint/hadolint/wiki/DL3021")],
  examples: { bad: "COPY a.json b.json /app", good: "COPY a.json b.json /app/" },
  judge: ({ path, dockerfile }, { settings }) => {
    const faults: Fault[] = [];
    for (const instruction of instructionsOf(dockerfile, "COPY")) {
      const transfer = transferOf(instruction);
      if (transfer === null || transfer.sources.length < 2) continue;
      const { sources, destination } = transfer;
      const target = destination.value;
      if (target.endsWith("/")) continue;
      // The builder takes these for folders, or cannot tell before it knows the variable.
      if (
        settings.preset !== "hadolint" &&
        (/(?:^|\/)\.\.?$/.test(target) ||
          target.endsWith("\\") ||
          target.endsWith("}") ||
          /\$\w+$/.test(target))
      )
        continue;
      faults.push({
        message: `${sources.length} files go to ${shown(target)}, which is no folder without a slash at its end`,
        range: destination.range,
        key: `${stageTitle(stageOf(dockerfile, instruction))} ${instruction.arguments.text}`,
        fixes: [fixOf("End the destination with a slash", "safe", [slashBehind(path, destination)])],
      });
    }
    return failures(faults);
  },
});

const relative = rule({
  id: "SW-DF-COPY-RELATIVE",
  subject: "dockerfile",
  title: "Copies to a place that the base image decides",
  severity: "low",
  risk: "Without WORKDIR the files land in the working folder of the base image, which may be another one after its next release.",
  countermeasure: "Set WORKDIR, or give the whole path.",
  remediation: { dockerfile: "WORKDIR /app\nCOPY . ." },
  aliases: ["DL3045", "droast:DF063"],
  references: [COPY, page("hadolint: DL3045", "https://github.com/hadolint/hadolint/wiki/DL3045")],
  examples: { bad: "FROM node:22\nCOPY . .", good: "FROM node:22\nWORKDIR /app\nCOPY . ." },
  judge: ({ path, dockerfile }, { settings }) => {
    const faults: Fault[] = [];
    const anchored = new Set<number>();
    let before = false;
    for (const instruction of dockerfile.instructions) {
      const { keyword, stage: index } = instruction;
      const stage = dockerfile.stages[index] ?? null;
      if (keyword === "FROM") {
        if (stage?.base != null && anchored.has(stage.base)) anchored.add(index);
      } else if (keyword === "WORKDIR") {
        if (stage === null) before = true;
        else anchored.add(index);
      }
      if (keyword !== "COPY" || (stage === null ? before : anchored.has(index))) continue;
      const target = transferOf(instruction)?.destination;
      if (target === undefined || isFixedPlace(target.value)) continue;
      const empty = stage !== null && rootImage(dockerfile, stage)?.text === "scratch";
      // The empty image's working folder is / and stays that.
      if (empty && settings.preset !== "hadolint") continue;
      faults.push({
        message: `${shown(target.value)} lies in whatever working folder the base image has: no WORKDIR is set`,
        range: target.range,
        key: `${stageTitle(stage)} ${instruction.arguments.text}`,
        fixes: isWindows(dockerfile, stage) ? [] : anchorFix(path, instruction, target, empty),
      });
    }
    return failures(faults);
  },
});

export default [folder, relative] satisfies Rule<"dockerfile">[];

function isFixedPlace(target: string): boolean {
  return isAbsolute(target) || target.startsWith("$") || target === "";
}

/** Makes the path absolute as from `/`, which most images have for their working folder. */
function anchorFix(path: string, { json }: Instruction, { raw, range, quote }: Word, empty: boolean): Fix[] {
  if (!/^["']?[\w./-]+["']?$/.test(raw)) return [];
  const at = range.start + (json || quote !== null ? 1 : 0);
  const value = quote === null ? raw : raw.slice(1, -1);
  if (value.startsWith("..")) return [];
  const dot = /^\.(?:\/|$)/.exec(value)?.[0].length ?? 0;
  return [
    fixOf("Copy to a whole path", empty ? "safe" : "unsafe", [{ path, start: at, end: at + dot, text: "/" }]),
  ];
}

function slashBehind(path: string, { raw, range }: Word) {
  const quote = raw.at(-1);
  return inserted({ path }, quote === '"' || quote === "'" ? range.end - 1 : range.end, "/");
}
