import { page, rule } from "../rule.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";

const PRAGMA = /^hadolint[ \t]+ignore[ \t]*=[ \t]*[DLSC0-9]+(?:[ \t]*,[ \t]*[DLSC0-9]+)*[ \t]*(?:#.*)?$/;

export default rule({
  id: "SW-DF-INLINE-IGNORE",
  subject: "dockerfile",
  title: "Findings are silenced within the file",
  severity: "info",
  risk: "Whoever writes the fault also decides that it is none, and nobody reads the reason again.",
  countermeasure: "Keep exceptions in the policy file, each with a reason, an owner and an end.",
  remediation: { dockerfile: "move the exception to seaworthy.yaml" },
  aliases: ["DL1001"],
  presets: { recommended: "off", strict: "info", hadolint: "off" },
  references: [page("hadolint: DL1001", "https://github.com/hadolint/hadolint/wiki/DL1001")],
  examples: {
    bad: "# hadolint ignore=DL3008\nRUN apt-get install -y git",
    good: "RUN apt-get install -y git",
  },
  judge: ({ dockerfile }) =>
    failures(
      dockerfile.comments
        .filter(({ text }) => PRAGMA.test(text))
        .map(({ text, range }): Fault => ({
          message: `${shown(text)} silences findings here`,
          range,
          key: text,
        })),
    ),
});
