import type { Flag, Instruction, Stage } from "#model/evidence/dockerfile.ts";
import { findStage } from "#evidence/dockerfile/stages.ts";
import { page, type Rule, rule } from "../rule.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { transferOf } from "./facts/instruction-sources.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";

const DOCS = page(
  "Dockerfile reference: COPY --from",
  "https://docs.docker.com/reference/dockerfile/#copy---from",
);

const unknownStage = rule({
  id: "SW-DF-COPY-FROM-UNKNOWN",
  subject: "dockerfile",
  title: "Copies from a stage that is not there",
  severity: "medium",
  risk: "The builder takes the name for an image, and pulls it: anybody may have published one under it.",
  countermeasure: "Name a stage of this file, or the whole reference of an image with its tag.",
  remediation: { dockerfile: "COPY --from=build /app /app, with FROM … AS build before it" },
  aliases: ["DL3022", "kics:68a51e22", "droast:DF049"],
  references: [DOCS, page("hadolint: DL3022", "https://github.com/hadolint/hadolint/wiki/DL3022")],
  examples: {
    bad: "FROM debian:12\nCOPY --from=buidl /app /app",
    good: "FROM golang:1.24 AS build\nFROM debian:12\nCOPY --from=build /app /app",
  },
  judge: ({ dockerfile, namedContexts }, { settings }) =>
    failures(
      copiesFrom(dockerfile).flatMap(({ instruction, flag, name }): Fault[] => {
        const found = findStage(dockerfile.stages, name);
        // The builder finds later stages too; the old one, and the old tool, know only those before.
        if (found !== null && (settings.preset !== "hadolint" || found < instruction.stage)) return [];
        if (found === instruction.stage) return [];
        if (/[:@$]/.test(name) || namedContexts.includes(name)) return [];
        const number = /^\d+$/.test(name);
        // A path is an image that somebody meant, however loosely.
        if (!number && name.includes("/") && settings.preset !== "hadolint") return [];
        return [
          {
            message: number
              ? `there is no stage ${name} to copy from`
              : found === null
                ? `no stage is called ${shown(name)}: it is taken for the image ${shown(name)}:latest`
                : `the stage ${shown(name)} comes only later`,
            range: flag.range,
            key: `${stageTitle(stageOf(dockerfile, instruction))} ${name}`,
          },
        ];
      }),
    ),
});

const ownStage = rule({
  id: "SW-DF-COPY-FROM-SELF",
  subject: "dockerfile",
  title: "Copies from the stage that it stands in",
  severity: "high",
  risk: "The builder refuses the file: a stage cannot wait for itself.",
  countermeasure: "Copy within the stage by RUN cp, or from another stage.",
  remediation: { dockerfile: "RUN cp /a /b" },
  aliases: ["DL3023", "trivy:DS-0006", "kics:cdddb86f", "droast:DF050"],
  references: [DOCS, page("hadolint: DL3023", "https://github.com/hadolint/hadolint/wiki/DL3023")],
  examples: {
    bad: "FROM debian:12 AS app\nCOPY --from=app /a /b",
    good: "FROM debian:12 AS app\nRUN cp /a /b",
  },
  judge: ({ dockerfile }) =>
    failures(
      copiesFrom(dockerfile).flatMap(({ instruction, flag, name }): Fault[] => {
        const stage = stageOf(dockerfile, instruction);
        if (stage === null || !isOwn(stage, name)) return [];
        return [
          {
            message: `the stage ${shown(name)} copies from itself`,
            range: flag.range,
            key: `${stageTitle(stage)} ${instruction.arguments.text}`,
          },
        ];
      }),
    ),
});

const everything = rule({
  id: "SW-DF-COPY-FROM-ROOT",
  subject: "dockerfile",
  title: "Copies the whole file system of another stage",
  severity: "low",
  risk: "What the other stage left behind comes along: caches, sources, keys; and files of this image are overwritten.",
  countermeasure: "Copy what is needed, or go on FROM that stage.",
  remediation: { dockerfile: "COPY --from=build /usr/local/bin/app /usr/local/bin/" },
  aliases: ["DL3067"],
  references: [DOCS, page("hadolint: DL3067", "https://github.com/hadolint/hadolint/wiki/DL3067")],
  examples: {
    bad: "FROM golang:1.24 AS build\nRUN make\nFROM debian:12\nCOPY --from=build / /",
    good: "FROM golang:1.24 AS build\nRUN make\nFROM debian:12\nCOPY --from=build /go/bin/app /usr/local/bin/",
  },
  judge: ({ dockerfile }, { settings }) =>
    failures(
      copiesFrom(dockerfile).flatMap(({ instruction, name }): Fault[] => {
        const transfer = transferOf(instruction);
        const root = transfer?.sources.find(({ value }) => value === "/");
        if (root === undefined || transfer?.destination.value !== "/") return [];
        const from = findStage(dockerfile.stages, name);
        const stage = stageOf(dockerfile, instruction);
        if (settings.preset !== "hadolint") {
          // On the empty image, and of one that holds but a few files, this is how images are put together.
          if (stage?.image?.text === "scratch") return [];
          const source = from === null ? null : dockerfile.stages[from];
          // An image under another name is made to be copied as it is; what left something behind is a stage.
          if (source == null || source.instructions.length === 0 || source.image?.text === "scratch")
            return [];
        }
        return [
          {
            message: `all of ${shown(name)} is copied over this image`,
            range: root.range,
            key: `${stageTitle(stage)} ${name}`,
          },
        ];
      }),
    ),
});

export default [unknownStage, ownStage, everything] satisfies Rule<"dockerfile">[];

interface CopyFrom {
  instruction: Instruction;
  flag: Flag;
  name: string;
}

function copiesFrom(dockerfile: Parameters<typeof instructionsOf>[0]): CopyFrom[] {
  return instructionsOf(dockerfile, "COPY").flatMap((instruction): CopyFrom[] => {
    const flag = instruction.flags.find(({ name }) => name === "from");
    return flag?.value == null || flag.value === "" ? [] : [{ instruction, flag, name: flag.value }];
  });
}

function isOwn({ name, index }: Stage, from: string): boolean {
  return /^\d+$/.test(from) ? Number(from) === index : name?.toLowerCase() === from.toLowerCase();
}
