import { page, rule } from "../rule.ts";
import { buildCalls, isStepShipped, perStep, type Step } from "./facts/command-calls.ts";
import { judgeSteps, type StepOffences } from "./facts/command-report.ts";

const TOOLS = ["wget", "curl"] as const;

export default rule({
  id: "SW-DF-DOWNLOAD-TOOLS",
  subject: "dockerfile",
  title: "Uses both wget and curl",
  severity: "low",
  risk: "Two programs for one purpose: twice the packages to patch, and twice the tools for whoever breaks in.",
  countermeasure: "Use one of them throughout, or ADD with a checksum, which needs none in the image.",
  remediation: { dockerfile: "use wget or curl for all downloads of the stage" },
  aliases: ["DL4001", "trivy:DS-0014", "kics:fc775e75"],
  references: [
    page("hadolint DL4001", "https://github.com/hadolint/hadolint/wiki/DL4001"),
    page("Dockerfile: ADD --checksum", "https://docs.docker.com/reference/dockerfile/#add---checksum"),
  ],
  examples: {
    bad: "RUN wget https://example.com/a && curl -fO https://example.com/b",
    good: "RUN curl -fO https://example.com/a && curl -fO https://example.com/b",
  },
  judge: (evidence, { settings }) => {
    const strictly = settings.preset === "hadolint";
    const used = new Map<string, Set<string>>();
    const found: StepOffences[] = [];
    for (const [step, calls] of perStep(buildCalls(evidence.dockerfile, ...TOOLS))) {
      if (!strictly && !isStepShipped(step)) continue;
      const seen = toolsSoFar(used, step);
      const before = seen.size;
      for (const { command } of calls) seen.add(command.name ?? "");
      // one finding for a stage says it all; hadolint repeats it for every step that follows
      if (seen.size < TOOLS.length || (!strictly && before === TOOLS.length)) continue;
      const both =
        calls.find(({ command: { name } }) => before === 0 || name !== calls[0]?.command.name) ?? calls[0];
      if (both !== undefined)
        found.push([step, [{ range: both.command.nameRange, name: "wget and curl", edits: null }]]);
    }
    return judgeSteps(evidence, found, { message: (names) => `the stage downloads with both ${names}` });
  },
});

/** Triggers run in another build than what stands beside them. */
function toolsSoFar(used: Map<string, Set<string>>, { stage, run }: Step): Set<string> {
  const key = `${stage?.index ?? -1} ${run.onbuild}`;
  const tools = used.get(key) ?? new Set<string>();
  used.set(key, tools);
  return tools;
}
