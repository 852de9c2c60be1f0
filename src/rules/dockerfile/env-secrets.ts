import type { Instruction, Pair } from "#model/evidence/dockerfile.ts";
import { SEVERITIES, type Severity, severityRank } from "#model/severity.ts";
import { page, rule } from "../rule.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { isBuilderSecret, isHarmlessValue, isSuspect, tokenKind } from "./facts/instruction-secret-names.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";

const BUILDER = "SecretsUsedInArgOrEnv";
const PEERS = [
  "trivy:DS-0031",
  "kics:c3e1b6ae",
  "dockle:CIS-DI-0010",
  "droast:DF014",
  "semgrep:secret-in-build-arg",
];

export default rule({
  id: "SW-DF-SECRET-VARIABLE",
  subject: "dockerfile",
  title: "Holds a secret in ARG or ENV",
  severity: "high",
  risk: "ENV stands in the settings of the image, ARG in its history and in the provenance of the build: whoever can pull the image reads both. Later instructions do not take them away.",
  countermeasure:
    "Give the build a secret mount for the one RUN that needs it, and the container its secrets when it starts.",
  remediation: { dockerfile: "RUN --mount=type=secret,id=token,env=TOKEN ./fetch" },
  cis: ["4.10"],
  aliases: ["DL3064", BUILDER, ...PEERS],
  references: [
    page("Docker docs: build secrets", "https://docs.docker.com/build/building/secrets/"),
    page(
      "Docker build checks: SecretsUsedInArgOrEnv",
      "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",
    ),
  ],
  examples: {
    bad: "FROM node:22\nARG NPM_TOKEN\nRUN npm ci",
    good: "FROM node:22\nRUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci",
  },
  judge: ({ dockerfile }, { settings: { preset } }) => {
    const faults: Fault[] = [];
    for (const each of dockerfile.instructions) {
      const instruction = each.trigger ?? each;
      const { keyword } = instruction;
      if (keyword !== "ARG" && keyword !== "ENV") continue;
      const stage = stageOf(dockerfile, each);
      let named = false;
      for (const pair of instruction.pairs) {
        const name = pair.name.value;
        const value = pair.value?.value ?? "";
        const token = tokenKind(value);
        // Before FROM, and in a trigger, the builder does not look; nothing of it is in this image either.
        const builder = stage !== null && !instruction.onbuild && isBuilderSecret(name);
        const suspect = isSuspect(name);
        if (preset === "hadolint") {
          const first = suspect && !named;
          if (!builder && !first) continue;
          named ||= suspect;
          const aliases = [...(first ? ["DL3064"] : []), ...(builder ? [BUILDER] : []), ...PEERS];
          faults.push({ ...faultOf(instruction, pair, token), aliases });
          continue;
        }
        if (token === null && !builder) continue;
        const harmless = token === null && pair.value !== null && isHarmlessValue(name, value);
        if (harmless && preset !== "strict") continue;
        faults.push({
          ...faultOf(instruction, pair, token),
          severity: severityOf(instruction, pair, { token, harmless, shipped: stage?.shipped ?? false }),
          aliases: [...(suspect ? ["DL3064"] : []), ...(builder ? [BUILDER] : []), ...PEERS],
        });
      }
    }
    return failures(faults);

    function faultOf({ keyword, stage }: Instruction, { name, range }: Pair, token: string | null): Fault {
      return {
        message:
          token === null
            ? `${keyword} "${shown(name.value)}" is called like a secret, and stays readable in the image`
            : `the value of ${keyword} "${shown(name.value)}" is ${token}, and stays readable in the image`,
        range,
        key: `${stageTitle(dockerfile.stages[stage] ?? null)} ${keyword} ${name.value}`,
      };
    }
  },
});

function severityOf(
  { keyword }: Instruction,
  { value }: Pair,
  { token, harmless, shipped }: { token: string | null; harmless: boolean; shipped: boolean },
): Severity {
  if (harmless) return "low";
  const worst: Severity =
    token !== null ? "critical" : keyword === "ARG" && value === null ? "medium" : "high";
  // A build stage is not pulled with the image, but lies in caches and in the provenance.
  return shipped ? worst : (SEVERITIES[severityRank(worst) - 1] as Severity);
}
