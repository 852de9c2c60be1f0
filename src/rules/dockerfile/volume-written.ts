import { page, rule } from "../rule.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { absolutePath, below } from "./facts/instruction-paths.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";
import { expandedWord, stateBefore } from "./facts/stage-state.ts";

const CHANGES = new Set([
  "mkdir",
  "touch",
  "cp",
  "mv",
  "rm",
  "chown",
  "chmod",
  "ln",
  "tar",
  "install",
  "rsync",
  "tee",
  "unzip",
]);

export default rule({
  id: "SW-DF-VOLUME-WRITTEN",
  subject: "dockerfile",
  title: "Changes a volume after it was declared",
  severity: "low",
  risk: "Builders without BuildKit throw such changes away: the image depends on who builds it.",
  countermeasure: "Declare the volume behind the instructions that fill it.",
  remediation: { dockerfile: "RUN chown app /data before VOLUME /data" },
  presets: { recommended: "off", strict: "low", hadolint: "off" },
  references: [
    page(
      "Dockerfile reference: notes about volumes",
      "https://docs.docker.com/reference/dockerfile/#notes-about-specifying-volumes",
    ),
  ],
  examples: {
    bad: "VOLUME /data\nRUN chown app /data",
    good: "RUN chown app /data\nVOLUME /data",
  },
  judge: ({ dockerfile }) => {
    const declared = new Map<number, { path: string; index: number }[]>();
    for (const instruction of instructionsOf(dockerfile, "VOLUME")) {
      const { workdir } = stateBefore(dockerfile, instruction);
      const list = declared.get(instruction.stage) ?? [];
      for (const word of instruction.words.slice(0, 50)) {
        const value = expandedWord(dockerfile, word);
        const path = value === null ? null : absolutePath(workdir, value);
        if (path !== null && list.length < 50) list.push({ path, index: instruction.index });
      }
      declared.set(instruction.stage, list);
    }
    if (declared.size === 0) return [];
    const faults: Fault[] = [];
    for (const run of instructionsOf(dockerfile, "RUN")) {
      const before = declared.get(run.stage)?.filter(({ index }) => index < run.index) ?? [];
      if (before.length === 0) continue;
      const { workdir } = stateBefore(dockerfile, run);
      const hit = run.shell
        .flatMap(({ commands }) => commands)
        .filter(({ name }) => name !== null && CHANGES.has(name))
        .flatMap(({ args, redirects }) => [...args, ...redirects.flatMap(({ target }) => target ?? [])])
        .find(({ value, static: fixed }) => {
          const path = fixed && !value.startsWith("-") ? absolutePath(workdir, value) : null;
          return path !== null && before.some((volume) => below(path, volume.path) !== null);
        });
      if (hit === undefined) continue;
      faults.push({
        message: `${shown(hit.value)} lies in a volume that was declared before`,
        range: hit.range,
        key: `${stageTitle(stageOf(dockerfile, run))} ${hit.value}`,
      });
    }
    return failures(faults);
  },
});
