import { page, rule } from "../rule.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { isWindows, stageTitle } from "./facts/stage-place.ts";

export default rule({
  id: "SW-DF-CMD-IGNORED",
  subject: "dockerfile",
  title: "The arguments of CMD reach nobody",
  severity: "medium",
  risk: "An ENTRYPOINT in shell form is handed to a shell that drops CMD and everything behind the image's name in docker run: settings that were meant to apply do not.",
  countermeasure: "Write ENTRYPOINT as a JSON array.",
  remediation: { dockerfile: 'ENTRYPOINT ["app"]\nCMD ["--safe"]' },
  references: [
    page(
      "Dockerfile reference: CMD and ENTRYPOINT",
      "https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact",
    ),
  ],
  examples: { bad: 'ENTRYPOINT app\nCMD ["--safe"]', good: 'ENTRYPOINT ["app"]\nCMD ["--safe"]' },
  judge: ({ dockerfile }) =>
    failures(
      dockerfile.stages.flatMap((stage): Fault[] => {
        const last = (wanted: string) => stage.instructions.findLast(({ keyword }) => keyword === wanted);
        const command = last("CMD");
        const entrypoint = last("ENTRYPOINT");
        if (command === undefined || entrypoint === undefined || entrypoint.json) return [];
        if (entrypoint.words.length === 0 || command.words.length === 0 || isWindows(dockerfile, stage))
          return [];
        // `sh -c 'exec app "$@"'` style entrypoints do use them.
        if (/\$(?:[@*0-9]|\{[@*0-9])/.test(entrypoint.arguments.text)) return [];
        return [
          {
            message: `CMD ${shown(command.arguments.text)} is ignored: ENTRYPOINT ${shown(entrypoint.arguments.text)} is in shell form`,
            range: command.range,
            key: `${stageTitle(stage)} ${command.arguments.text}`,
          },
        ];
      }),
    ),
});
