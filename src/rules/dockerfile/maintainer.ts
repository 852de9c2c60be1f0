import type { Dockerfile, Instruction } from "#model/evidence/dockerfile.ts";
import type { Fix } from "#model/text.ts";
import { page, rule } from "../rule.ts";
import { fixOf, hasCommentWithin, quoted, replaced } from "./facts/instruction-edits.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures } from "./facts/instruction-findings.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";

export default rule({
  id: "SW-DF-MAINTAINER",
  subject: "dockerfile",
  title: "MAINTAINER is deprecated",
  severity: "info",
  risk: "Builders may drop it, and tools that look for who is answerable read labels.",
  countermeasure: "Use the label of the OCI.",
  remediation: { dockerfile: 'LABEL org.opencontainers.image.authors="web@example.com"' },
  aliases: [
    "DL4000",
    "MaintainerDeprecated",
    "trivy:DS-0022",
    "checkov:CKV_DOCKER_6",
    "kics:99614418",
    "droast:DF019",
    "semgrep:maintainer-is-deprecated",
  ],
  references: [
    page(
      "Docker build checks: MaintainerDeprecated",
      "https://docs.docker.com/reference/build-checks/maintainer-deprecated/",
    ),
  ],
  examples: {
    bad: "MAINTAINER web@example.com",
    good: 'LABEL org.opencontainers.image.authors="web@example.com"',
  },
  judge: ({ path, dockerfile }) =>
    failures(
      instructionsOf(dockerfile, "MAINTAINER").map((instruction): Fault => ({
        message: "MAINTAINER is deprecated in favour of a label",
        range: instruction.range,
        key: `${stageTitle(stageOf(dockerfile, instruction))} ${instruction.arguments.text}`,
        fixes: labelFix(path, dockerfile, instruction),
      })),
    ),
});

function labelFix(path: string, dockerfile: Dockerfile, instruction: Instruction): Fix[] {
  const { keywordRaw, headRange, words } = instruction;
  const [word] = words;
  if (word === undefined || hasCommentWithin(dockerfile, headRange)) return [];
  const keyword = keywordRaw === keywordRaw.toLowerCase() ? "label" : "LABEL";
  // The builder takes the text as it stands, quotes too; quotes around all of it are not meant to be seen. It expands
  // no variables here, and does in LABEL.
  const name = quoted(word.quote === null ? word.raw : word.value, dockerfile.escape).replaceAll(
    "$",
    `${dockerfile.escape}$`,
  );
  return [
    fixOf("Write a label", "safe", [
      replaced({ path }, headRange, `${keyword} org.opencontainers.image.authors=${name}`),
    ]),
  ];
}
