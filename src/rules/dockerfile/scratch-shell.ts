import type { Dockerfile, Instruction, Stage } from "#model/evidence/dockerfile.ts";
import { page, rule } from "../rule.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { isArchive, transferOf } from "./facts/instruction-sources.ts";
import { isWindows, lineage, rootImage, stageTitle } from "./facts/stage-place.ts";

const SHELL_FOLDERS = /^\/(?:$|\.\/?$|(?:usr\/)?(?:local\/)?s?bin(?:\/|$)|usr\/?$|lib)/;

export default rule({
  id: "SW-DF-SCRATCH-SHELL",
  subject: "dockerfile",
  title: "Needs a shell where there is none",
  severity: "high",
  risk: "The empty image has no shell: RUN fails in the build, CMD and ENTRYPOINT fail when the container starts.",
  countermeasure: "Use the JSON form, and do in a build stage what needs a shell.",
  remediation: { dockerfile: 'CMD ["/app"]' },
  aliases: ["tally:shell-run-in-scratch"],
  references: [
    page(
      "Docker docs: scratch",
      "https://docs.docker.com/build/building/base-images/#create-a-minimal-base-image-using-scratch",
    ),
  ],
  examples: {
    bad: "FROM scratch\nCOPY app /app\nCMD /app",
    good: 'FROM scratch\nCOPY app /app\nCMD ["/app"]',
  },
  judge: ({ dockerfile }) => {
    const faults: Fault[] = [];
    for (const stage of dockerfile.stages) {
      if (rootImage(dockerfile, stage)?.text !== "scratch" || isWindows(dockerfile, stage)) continue;
      const inherited = lineage(dockerfile, stage).slice(1);
      if (inherited.some(({ instructions }) => instructions.some(mayBringShell))) continue;
      faults.push(...faultsOf(dockerfile, stage));
    }
    return failures(faults);
  },
});

function faultsOf({ text }: Dockerfile, stage: Stage): Fault[] {
  const faults: Fault[] = [];
  for (const instruction of stage.instructions) {
    if (mayBringShell(instruction)) return faults;
    if (!needsShell(instruction)) continue;
    const { keyword, headRange } = instruction;
    faults.push({
      message: `${shown(text.slice(headRange.start, headRange.end))} needs a shell, and the image has none`,
      range: headRange,
      key: `${stageTitle(stage)} ${keyword} ${instruction.arguments.text}`,
    });
    // One RUN that fails ends the build; more of them say nothing new.
    if (keyword === "RUN") return faults;
  }
  return faults;
}

function needsShell({ keyword, json, arguments: { text }, healthcheck, flags }: Instruction): boolean {
  if (json || text === "") return false;
  if (keyword === "CMD" || keyword === "ENTRYPOINT") return true;
  if (keyword === "HEALTHCHECK") return healthcheck === "CMD";
  // A mount may bring the shell.
  return keyword === "RUN" && !flags.some(({ name }) => name === "mount");
}

/** True if an instruction puts something where a shell could lie, or chooses another one. */
function mayBringShell(instruction: Instruction): boolean {
  if (instruction.keyword === "SHELL") return true;
  if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") return false;
  const transfer = transferOf(instruction);
  if (transfer === null) return false;
  const { sources, destination } = transfer;
  const target = destination.value.startsWith("/") ? destination.value : `/${destination.value}`;
  if (instruction.keyword === "ADD" && sources.some(({ value }) => isArchive(value) || value.includes("$")))
    return true;
  if (sources.some(({ value }) => /busybox|(?:^|\/)(?:ba|da|a)?sh$|rootfs|toybox/.test(value))) return true;
  if (target.includes("$")) return true;
  if (!SHELL_FOLDERS.test(target)) return false;
  // A single program in /, as small images have it, is no shell; a folder may be anything.
  return !(
    /^\/(?:\.\/?)?$/.test(target) && sources.every(({ value }) => /[^/]$/.test(value) && isSingleFile(value))
  );
}

function isSingleFile(source: string): boolean {
  const name = source.slice(source.lastIndexOf("/") + 1);
  return /\.\w+$/.test(name) && !/^\.+$/.test(name);
}
