import type { Severity } from "#model/severity.ts";
import { page, rule } from "../rule.ts";
import { copiesOf, flagOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { secretFile } from "./facts/instruction-secret-files.ts";
import { isGit, isHeredoc, isUrl, transferOf } from "./facts/instruction-sources.ts";
import { isShipped, stageOf, stageTitle } from "./facts/stage-place.ts";

export default rule({
  id: "SW-DF-COPY-SECRET",
  subject: "dockerfile",
  title: "Copies a secret into a layer",
  severity: "high",
  risk: "Whoever can pull the image can read it, also if a later instruction deletes it: layers only add. Layers of build stages lie in caches and are pushed with them.",
  countermeasure:
    "Give the build the file for the one RUN that needs it, and the container its own copy when it starts.",
  remediation: { dockerfile: "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci" },
  cis: ["4.10"],
  aliases: ["trivy:DS-0031", "dockle:CIS-DI-0010", "droast:DF013"],
  references: [page("Docker docs: build secrets", "https://docs.docker.com/build/building/secrets/")],
  examples: {
    bad: "COPY .npmrc /root/.npmrc\nRUN npm ci",
    good: "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci",
  },
  judge: ({ dockerfile, context }) => {
    const faults: Fault[] = [];
    for (const instruction of copiesOf(dockerfile)) {
      const transfer = transferOf(instruction);
      const fromContext = flagOf(instruction, "from") === null;
      const shipped = isShipped(dockerfile, instruction);
      for (const { value, raw, range } of transfer?.sources ?? []) {
        if (isHeredoc({ raw }) || isUrl(value) || isGit(value)) continue;
        const secret = secretFile(value);
        if (secret === null) continue;
        // What the builder is not sent cannot be copied.
        if (fromContext && context?.ignores(value.replace(/^\.?\//, "")) === true) continue;
        const severity: Severity = secret.sure ? (shipped ? "high" : "medium") : shipped ? "medium" : "low";
        faults.push({
          message: `${shown(value)} holds ${secret.holds}, and stays in a layer${shipped ? "" : " of a build stage"}`,
          range,
          severity,
          key: `${stageTitle(stageOf(dockerfile, instruction))} ${value}`,
        });
      }
    }
    return failures(faults);
  },
});
