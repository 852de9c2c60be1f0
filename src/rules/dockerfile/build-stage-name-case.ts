import type { Dockerfile, Instruction, Stage } from "#model/evidence/dockerfile.ts";
import type { Range, TextEdit } from "#model/text.ts";
import { findStage } from "#evidence/dockerfile/stages.ts";
import { page, rule } from "../rule.ts";
import { type EditedFile, fixOf, replaced } from "./facts/instruction-edits.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";

export default rule({
  id: "SW-DF-STAGE-NAME-CASE",
  subject: "dockerfile",
  title: "A stage's name holds capital letters",
  severity: "low",
  risk: "The builder knows stages by their name in small letters: FROM with the name as written is taken for an image, and the build fails or takes somebody else's.",
  countermeasure: "Write names of stages in small letters, where they are given and where they are used.",
  remediation: { dockerfile: "FROM golang:1.24 AS build" },
  aliases: ["StageNameCasing"],
  references: [
    page(
      "Docker build checks: StageNameCasing",
      "https://docs.docker.com/reference/build-checks/stage-name-casing/",
    ),
    page("buildkit: FROM of a stage with capital letters", "https://github.com/moby/buildkit/issues/2003"),
  ],
  examples: {
    bad: "FROM golang:1.24 AS Build\nFROM debian:12\nCOPY --from=Build /app /app",
    good: "FROM golang:1.24 AS build\nFROM debian:12\nCOPY --from=build /app /app",
  },
  judge: ({ path, dockerfile }) => {
    const file = { path, dockerfile };
    const spelled = dockerfile.stages.filter(({ name }) => name !== null && name !== name.toLowerCase());
    if (spelled.length === 0) return [];
    const uses = usesOf(file);
    return failures(
      spelled.map((stage): Fault => {
        const range = stage.from.from?.as?.range ?? stage.from.range;
        const name = stage.name ?? "";
        const lower = name.toLowerCase();
        const edits = [replaced(file, range, lower), ...(uses.get(stage.index) ?? [])];
        return {
          message: `the stage name "${shown(name)}" should be in small letters: "${shown(lower)}"`,
          range,
          key: lower,
          fixes: [fixOf(`Write ${shown(lower)} everywhere`, "safe", edits)],
        };
      }),
    );
  },
});

/** Edits that put each use of a stage's name in small letters, by stage. */
function usesOf(file: EditedFile): Map<number, TextEdit[]> {
  const { dockerfile } = file;
  const edits = new Map<number, TextEdit[]>();
  for (const stage of dockerfile.stages) {
    for (const { index, range, name } of [...baseUse(dockerfile, stage), ...copyUses(dockerfile, stage)]) {
      const lower = name.toLowerCase();
      // Variables may hold the name, and quotes stand around it: only what is written plainly is changed.
      if (lower === name || dockerfile.text.slice(range.start, range.end) !== name) continue;
      const own = edits.get(index);
      if (own === undefined) edits.set(index, [replaced(file, range, lower)]);
      else own.push(replaced(file, range, lower));
    }
  }
  return edits;
}

interface NameUse {
  index: number;
  range: Range;
  name: string;
}

function baseUse({ stages }: Dockerfile, { base, from }: Stage): NameUse[] {
  const image = from.from?.image;
  if (base === null || image === undefined) return [];
  const name = stages[base]?.name ?? "";
  return image.raw.toLowerCase() === name.toLowerCase()
    ? [{ index: base, range: image.range, name: image.raw }]
    : [];
}

function copyUses(dockerfile: Dockerfile, { instructions }: Stage): NameUse[] {
  return instructions.flatMap((instruction) => [
    ...flagUses(dockerfile, instruction),
    ...(instruction.trigger === null ? [] : flagUses(dockerfile, instruction.trigger)),
  ]);
}

/** `--from=NAME` of COPY, `from=NAME` of `RUN --mount`. */
function flagUses({ stages, text }: Dockerfile, { flags }: Instruction): NameUse[] {
  return flags.flatMap(({ name: flag, valueRange }) => {
    if (valueRange === null || (flag !== "from" && flag !== "mount")) return [];
    const written = text.slice(valueRange.start, valueRange.end);
    const field = flag === "from" ? /^(.*)$/s.exec(written) : /(?:^|,)from=([^,"']*)/i.exec(written);
    const name = field?.[1];
    if (field === null || name === undefined || name === "") return [];
    const index = findStage(stages, name);
    if (index === null || stages[index]?.name === null) return [];
    const start = valueRange.start + field.index + field[0].length - name.length;
    return [{ index, range: { start, end: start + name.length }, name }];
  });
}
