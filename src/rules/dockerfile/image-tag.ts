import type { ImageReference, Stage } from "#model/evidence/dockerfile.ts";
import { page, type Rule, rule } from "../rule.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { isScratch } from "./facts/image-names.ts";
import { stageTitle } from "./facts/stage-place.ts";

const TAGS = page(
  "Docker docs: pin base image versions",
  "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
);

const untagged = rule({
  id: "SW-DF-IMAGE-UNTAGGED",
  subject: "dockerfile",
  title: "Builds on an image without a tag",
  severity: "medium",
  risk: "The engine takes `latest`, which is another image tomorrow: the build may break, or take in what nobody has looked at.",
  countermeasure: "Name the release that was tested. A digest beside it makes sure that it stays the same.",
  remediation: { dockerfile: "FROM NAME:TAG, the release that you have tested" },
  aliases: ["DL3006", "trivy:DS-0001", "checkov:CKV_DOCKER_7", "kics:9efb0b2d", "droast:DF001"],
  references: [TAGS, page("hadolint: DL3006", "https://github.com/hadolint/hadolint/wiki/DL3006")],
  examples: { bad: "FROM debian", good: "FROM debian:12.8-slim" },
  judge: ({ dockerfile, namedContexts }, { settings }) =>
    failures(
      dockerfile.stages.flatMap((stage): Fault[] => {
        const { image } = stage;
        if (image === null || isScratch(image) || image.digest !== null || image.tag !== null) return [];
        if (namedContexts.includes(image.text) || image.text === "") return [];
        // What a variable holds may well have a tag; the old tool does not look at its default.
        if (settings.preset === "hadolint" ? isVariable(stage) : image.unresolved) return [];
        return [faultAt(stage, image, `${shown(image.text)} has no tag: the engine takes latest`)];
      }),
    ),
});

const latest = rule({
  id: "SW-DF-IMAGE-LATEST",
  subject: "dockerfile",
  title: "Builds on the tag latest",
  severity: "medium",
  risk: "The tag moves with every release: the build may break tomorrow, or take in what nobody has looked at.",
  countermeasure: "Name the release that was tested. A digest beside it makes sure that it stays the same.",
  remediation: { dockerfile: "FROM NAME:TAG, the release that you have tested" },
  aliases: [
    "DL3007",
    "trivy:DS-0001",
    "checkov:CKV_DOCKER_7",
    "kics:f45ea400",
    "dockle:DKL-DI-0006",
    "droast:DF024",
  ],
  references: [TAGS, page("hadolint: DL3007", "https://github.com/hadolint/hadolint/wiki/DL3007")],
  examples: { bad: "FROM debian:latest", good: "FROM debian:12.8-slim" },
  judge: ({ dockerfile }, { settings }) =>
    failures(
      dockerfile.stages.flatMap((stage): Fault[] => {
        const { image } = stage;
        if (image === null || image.tag !== "latest") return [];
        // With a digest the tag is only a note.
        if (image.digest !== null && settings.preset !== "hadolint") return [];
        return [faultAt(stage, image, `${shown(image.text)} is another image after each release`)];
      }),
    ),
});

export default [untagged, latest] satisfies Rule<"dockerfile">[];

function isVariable({ from }: Stage): boolean {
  return from.from?.image.value.startsWith("$") === true;
}

function faultAt(stage: Stage, image: ImageReference, message: string): Fault {
  return {
    message,
    range: stage.from.from?.image.range ?? stage.from.range,
    key: `${stageTitle(stage)} ${image.text}`,
  };
}
