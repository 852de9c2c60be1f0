import { page, rule } from "../rule.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { isScratch } from "./facts/image-names.ts";
import { stageTitle } from "./facts/stage-place.ts";

export default rule({
  id: "SW-DF-IMAGE-NO-DIGEST",
  subject: "dockerfile",
  title: "Builds on a tag that its owner can move",
  severity: "low",
  risk: "A tag is a name that whoever holds the registry account can point at another image, also at a bad one.",
  countermeasure:
    "Add the digest, and let a bot raise it: a digest that is never raised keeps old vulnerabilities.",
  remediation: { dockerfile: "FROM debian:12.8-slim@sha256:…" },
  aliases: ["semgrep:dockerfile-source-not-pinned"],
  presets: { recommended: "off", strict: "low", hadolint: "off" },
  references: [
    page(
      "Docker docs: pin base image versions",
      "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    ),
  ],
  examples: { bad: "FROM debian:12.8-slim", good: "FROM debian:12.8-slim@sha256:…" },
  judge: ({ dockerfile, namedContexts }) =>
    failures(
      dockerfile.stages.flatMap((stage): Fault[] => {
        const { image } = stage;
        if (image === null || isScratch(image) || image.digest !== null || image.unresolved) return [];
        if (image.text === "" || namedContexts.includes(image.text)) return [];
        return [
          {
            message: `${shown(image.text)} is not pinned to a digest`,
            range: stage.from.from?.image.range ?? stage.from.range,
            key: `${stageTitle(stage)} ${image.text}`,
          },
        ];
      }),
    ),
});
