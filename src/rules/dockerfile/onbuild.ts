import { page, rule } from "../rule.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures } from "./facts/instruction-findings.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";

const FORBIDDEN = new Set(["ONBUILD", "FROM", "MAINTAINER"]);

export default rule({
  id: "SW-DF-ONBUILD-FORBIDDEN",
  subject: "dockerfile",
  title: "ONBUILD keeps what it may not",
  severity: "high",
  risk: "The builder refuses the file, or every build on this image.",
  countermeasure: "ONBUILD takes any instruction but ONBUILD, FROM and MAINTAINER.",
  remediation: { dockerfile: "ONBUILD RUN make" },
  aliases: ["DL3043"],
  references: [
    page(
      "Dockerfile reference: ONBUILD",
      "https://docs.docker.com/reference/dockerfile/#onbuild-limitations",
    ),
    page("hadolint: DL3043", "https://github.com/hadolint/hadolint/wiki/DL3043"),
  ],
  examples: { bad: "ONBUILD ONBUILD RUN make", good: "ONBUILD RUN make" },
  judge: ({ dockerfile }) =>
    failures(
      instructionsOf(dockerfile, "ONBUILD").flatMap((instruction): Fault[] => {
        const { trigger } = instruction;
        if (trigger === null || !FORBIDDEN.has(trigger.keyword)) return [];
        return [
          {
            message: `ONBUILD cannot keep ${trigger.keyword}`,
            range: trigger.keywordRange,
            key: `${stageTitle(stageOf(dockerfile, instruction))} ${trigger.keyword}`,
          },
        ];
      }),
    ),
});
