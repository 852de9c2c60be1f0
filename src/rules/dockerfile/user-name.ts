import { page, rule } from "../rule.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { isWindows, stageOf, stageTitle } from "./facts/stage-place.ts";
import { expandedWord } from "./facts/stage-state.ts";

export default rule({
  id: "SW-DF-USER-NAME",
  subject: "dockerfile",
  title: "USER is a name, not a number",
  severity: "info",
  risk: "Kubernetes' runAsNonRoot cannot tell whether a name is root, and refuses to start the container; mounted files know numbers only.",
  countermeasure: "Give the number that the account was made with.",
  remediation: { dockerfile: "USER 10001:10001" },
  aliases: ["DL3066"],
  presets: { recommended: "off", strict: "info", hadolint: "info" },
  references: [
    page("Dockerfile reference: USER", "https://docs.docker.com/reference/dockerfile/#user"),
    page("hadolint: DL3066", "https://github.com/hadolint/hadolint/wiki/DL3066"),
  ],
  examples: { bad: "USER app", good: "USER 10001:10001" },
  judge: ({ dockerfile }, { settings }) =>
    failures(
      instructionsOf(dockerfile, "USER").flatMap((instruction): Fault[] => {
        const [word] = instruction.words;
        if (word === undefined) return [];
        const stage = stageOf(dockerfile, instruction);
        const strict = settings.preset === "hadolint";
        const user = strict ? word.raw : expandedWord(dockerfile, word);
        if (user === null || user.startsWith("$") || /^\d*(?::|$)/.test(user)) return [];
        if (!strict && (user.startsWith("root") || isWindows(dockerfile, stage))) return [];
        return [
          {
            message: `${shown(user)} is a name: only the image knows its number`,
            range: word.range,
            key: `${stageTitle(stage)} ${user}`,
          },
        ];
      }),
    ),
});
