import type { Dockerfile, Instruction, Stage } from "#model/evidence/dockerfile.ts";
import { page, rule } from "../rule.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";
import { effective, finalStage, isWindows, lineage, stageTitle } from "./facts/stage-place.ts";
import { expandedWord } from "./facts/stage-state.ts";

export default rule({
  id: "SW-DF-USER-ROOT",
  subject: "dockerfile",
  title: "Runs as root",
  severity: "high",
  risk: "Who takes over the service is root in the container: one fault in the kernel, the runtime or a mount away from root on the host, and free to change all that the image holds.",
  countermeasure:
    "End with a user of its own, by number: Kubernetes can only check numbers. Do as root what needs it before.",
  remediation: { dockerfile: "USER 10001:10001 as the last USER" },
  cis: ["4.1"],
  aliases: [
    "DL3002",
    "trivy:DS-0002",
    "checkov:CKV_DOCKER_8",
    "kics:67fd0c4a",
    "dockle:CIS-DI-0001",
    "droast:DF002",
    "semgrep:last-user-is-root",
  ],
  references: [
    page("Docker docs: USER", "https://docs.docker.com/build/building/best-practices/#user"),
    page("hadolint: DL3002", "https://github.com/hadolint/hadolint/wiki/DL3002"),
  ],
  examples: {
    bad: "FROM debian:12\nUSER app\nRUN id\nUSER root",
    good: "FROM debian:12\nUSER root\nRUN apt-get update\nUSER 10001:10001",
  },
  judge: ({ dockerfile }, { settings }) => {
    const users = instructionsOf(dockerfile, "USER");
    if (users.length === 0) return [];
    if (settings.preset === "hadolint") {
      return failures(
        dockerfile.stages.flatMap((stage): Fault[] => {
          const last = stage.instructions.findLast(({ keyword }) => keyword === "USER");
          return last !== undefined && isRoot(last.arguments.text) ? [faultOf(dockerfile, stage, last)] : [];
        }),
      );
    }
    const stage = finalStage(dockerfile);
    const last = stage === null ? null : effective(dockerfile, stage, "USER");
    const [word] = last?.words ?? [];
    if (stage === null || last === null || word === undefined || isWindows(dockerfile, stage)) return [];
    const user = expandedWord(dockerfile, word);
    return user !== null && isRoot(user) ? failures([faultOf(dockerfile, stage, last)]) : [];
  },
});

function isRoot(user: string): boolean {
  return /^(?:root|0)(?::|$)/.test(user);
}

function faultOf(dockerfile: Dockerfile, stage: Stage, last: Instruction): Fault {
  const before = lineage(dockerfile, stage)
    .toReversed()
    .flatMap(({ instructions }) => instructions)
    .findLast(({ keyword, index }) => keyword === "USER" && index < last.index);
  const name = before?.arguments.text ?? "root";
  const back = isRoot(name) ? "" : `, after ${shown(name)}`;
  return {
    message: `the last USER is ${shown(last.arguments.text)}${back}`,
    range: last.words[0]?.range ?? last.range,
    key: stageTitle(stage),
  };
}
