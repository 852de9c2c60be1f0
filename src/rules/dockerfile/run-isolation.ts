import { page, type Rule, rule } from "../rule.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures } from "./facts/instruction-findings.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";

interface Weakening {
  flag: string;
  value: string;
  rule: Omit<Rule<"dockerfile">, "subject" | "judge" | "references" | "examples">;
  message: string;
}

const WEAKENINGS: readonly Weakening[] = [
  {
    flag: "security",
    value: "insecure",
    message: "this RUN has all capabilities and devices of the machine that builds",
    rule: {
      id: "SW-DF-RUN-INSECURE",
      title: "A build step runs without a sandbox",
      severity: "high",
      risk: "Whatever it fetches and runs is as good as root on the machine that builds: it can reach other builds, their secrets and the host.",
      countermeasure: "Build without it. Where a step truly needs it, give it a builder of its own.",
      remediation: { dockerfile: "RUN without --security=insecure" },
    },
  },
  {
    flag: "network",
    value: "host",
    message: "this RUN is in the network of the machine that builds",
    rule: {
      id: "SW-DF-RUN-HOST-NETWORK",
      title: "A build step is in the host's network",
      severity: "medium",
      risk: "It reaches services that listen on the host for itself only: the engine's API, metadata of the cloud, data bases.",
      countermeasure: "The default network reaches the internet. Name what it must reach otherwise.",
      remediation: { dockerfile: "RUN without --network=host" },
    },
  },
];

export default WEAKENINGS.map(({ flag, value, message, rule: texts }) =>
  rule({
    ...texts,
    subject: "dockerfile",
    references: [
      page(
        `Dockerfile reference: RUN --${flag}`,
        `https://docs.docker.com/reference/dockerfile/#run---${flag}`,
      ),
    ],
    examples: { bad: `RUN --${flag}=${value} make`, good: "RUN make" },
    judge: ({ dockerfile }) =>
      failures(
        instructionsOf(dockerfile, "RUN").flatMap((instruction): Fault[] => {
          const found = instruction.flags.find((each) => each.name === flag && each.value === value);
          if (found === undefined) return [];
          return [
            {
              message,
              range: found.range,
              key: `${stageTitle(stageOf(dockerfile, instruction))} ${instruction.arguments.text}`,
            },
          ];
        }),
      ),
  }),
) satisfies Rule<"dockerfile">[];
