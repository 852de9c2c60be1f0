import type { Stage } from "#model/evidence/dockerfile.ts";
import { page, rule } from "../rule.ts";
import { type Fault, failures } from "./facts/instruction-findings.ts";
import { effective, finalStage, rootImage, stageTitle } from "./facts/stage-place.ts";

export default rule({
  id: "SW-DF-HEALTHCHECK-MISSING",
  subject: "dockerfile",
  title: "Has no health check",
  severity: "info",
  risk: "The engine takes a container for well as long as its first process lives. One that hangs keeps its place.",
  countermeasure:
    "Ask the service itself. Orchestrators with probes of their own, such as Kubernetes, do not read it.",
  remediation: { dockerfile: "HEALTHCHECK CMD with a command that asks the service" },
  cis: ["4.6"],
  aliases: [
    "DL3057",
    "trivy:DS-0026",
    "checkov:CKV_DOCKER_2",
    "kics:b03a748a",
    "dockle:CIS-DI-0006",
    "droast:DF012",
  ],
  presets: { recommended: "off", strict: "info", hadolint: "off" },
  references: [
    page("Dockerfile reference: HEALTHCHECK", "https://docs.docker.com/reference/dockerfile/#healthcheck"),
  ],
  examples: {
    bad: 'FROM nginx:1.27\nCMD ["nginx"]',
    good: 'FROM nginx:1.27\nHEALTHCHECK CMD curl -fsS http://127.0.0.1/\nCMD ["nginx"]',
  },
  judge: ({ dockerfile }, { settings }) => {
    if (settings.preset === "hadolint") return failures(unchecked(dockerfile.stages).map(faultAt));
    const stage = finalStage(dockerfile);
    if (stage === null || effective(dockerfile, stage, "HEALTHCHECK") !== null) return [];
    const runs = effective(dockerfile, stage, "CMD") ?? effective(dockerfile, stage, "ENTRYPOINT");
    // A stage on the empty image without a command is a set of files to take out.
    if (runs === null && rootImage(dockerfile, stage)?.text === "scratch") return [];
    return failures([{ ...faultAt(stage), message: "the image has no HEALTHCHECK" }]);
  },
});

function faultAt(stage: Stage): Fault {
  return {
    message: `the stage ${stageTitle(stage)} has no HEALTHCHECK`,
    range: stage.from.range,
    key: stageTitle(stage),
  };
}

/** Stages without one of their own, on no stage with one, and on which none with one is built. */
function unchecked(stages: readonly Stage[]): Stage[] {
  const good = new Set<number>();
  for (const { index, base, instructions } of stages) {
    const own = instructions.some(({ keyword }) => keyword === "HEALTHCHECK");
    if (own || (base !== null && good.has(base))) good.add(index);
  }
  // A base comes before what is built on it: backwards, each passes it on to its own.
  for (const { index, base } of stages.toReversed()) if (good.has(index) && base !== null) good.add(base);
  return stages.filter(({ index }) => !good.has(index));
}
