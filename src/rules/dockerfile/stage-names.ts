import { page, type Rule, rule } from "../rule.ts";
import { type Fault, failures } from "./facts/instruction-findings.ts";

const repeated = rule({
  id: "SW-DF-STAGE-NAME-REPEATED",
  subject: "dockerfile",
  title: "Two stages have one name",
  severity: "medium",
  risk: "FROM, COPY --from and --target take one of them, and it need not be the one that was meant.",
  countermeasure: "Give each stage a name of its own.",
  remediation: { dockerfile: "FROM debian:12 AS build-tools" },
  aliases: [
    "DL3024",
    "DuplicateStageName",
    "trivy:DS-0012",
    "checkov:CKV_DOCKER_11",
    "kics:f2daed12",
    "droast:DF042",
  ],
  references: [
    page(
      "Docker build checks: DuplicateStageName",
      "https://docs.docker.com/reference/build-checks/duplicate-stage-name/",
    ),
  ],
  examples: {
    bad: "FROM golang:1.24 AS build\nFROM debian:12 AS build",
    good: "FROM golang:1.24 AS build\nFROM debian:12 AS runtime",
  },
  judge: ({ dockerfile }) => {
    const seen = new Map<string, Set<string>>();
    const faults: Fault[] = [];
    for (const { name, from } of dockerfile.stages) {
      if (name === null) continue;
      const lower = name.toLowerCase();
      const spellings = seen.get(lower);
      if (spellings !== undefined) {
        faults.push({
          message: `the stage name "${name}" is given to more than one stage`,
          range: from.from?.as?.range ?? from.range,
          key: lower,
          // The builder does not look at case, the old tool does.
          ...(spellings.has(name) ? {} : { aliases: ["DuplicateStageName"] }),
        });
      }
      seen.set(lower, (spellings ?? new Set()).add(name));
    }
    return failures(faults);
  },
});

const reserved = rule({
  id: "SW-DF-STAGE-NAME-RESERVED",
  subject: "dockerfile",
  title: "A stage is called like something of the builder's",
  severity: "medium",
  risk: "`scratch` means the empty image and `context` the files that are sent to the builder: who names them gets those, or the stage.",
  countermeasure: "Give the stage another name.",
  remediation: { dockerfile: "FROM debian:12 AS base" },
  aliases: ["DL3063", "ReservedStageName"],
  references: [
    page(
      "Docker build checks: ReservedStageName",
      "https://docs.docker.com/reference/build-checks/reserved-stage-name/",
    ),
  ],
  examples: { bad: "FROM debian:12 AS context", good: "FROM debian:12 AS base" },
  judge: ({ dockerfile }) =>
    failures(
      dockerfile.stages.flatMap(({ name, from }): Fault[] => {
        const lower = name?.toLowerCase();
        if (lower !== "scratch" && lower !== "context") return [];
        return [
          {
            message: `a stage should not use the name of the reserved stage "${lower}"`,
            range: from.from?.as?.range ?? from.range,
            key: lower,
          },
        ];
      }),
    ),
});

export default [repeated, reserved] satisfies Rule<"dockerfile">[];
