import type { DockerfileEvidence, Instruction } from "#model/evidence/dockerfile.ts";
import { page, rule } from "../rule.ts";
import { perStep, type Step } from "./facts/command-calls.ts";
import { removeLines } from "./facts/command-edits.ts";
import { isKeptOut } from "./facts/command-mounts.ts";
import { type Edit, judgeSteps, type StepOffences } from "./facts/command-report.ts";
import {
  APK,
  APT,
  DNF,
  installs,
  type PackageCall,
  packageCalls,
  YUM,
  ZYPPER,
} from "./facts/package-calls.ts";

/** Commands after which the fetched lists are as useless as before. */
const IDLE = new Set(["rm", "echo", "printf", "true", ":", "set", "ls", "date"]);
const LIST_FOLDERS = [
  "/var/lib/apt/lists",
  "/var/cache/apk",
  "/var/cache/dnf",
  "/var/cache/yum",
  "/var/cache/zypp",
];

export default rule({
  id: "SW-DF-UPDATE-ALONE",
  subject: "dockerfile",
  title: "Fetches the lists of packages in a RUN of its own",
  severity: "medium",
  risk: "The builder keeps the layer. When the RUN that installs is changed later, it takes the lists of the first build: it installs packages with holes that were closed long ago, or fails because they are gone.",
  countermeasure: "Fetch the lists and install in one RUN.",
  remediation: { dockerfile: "RUN apt-get update && apt-get install -y …" },
  aliases: ["trivy:DS-0017", "checkov:CKV_DOCKER_5", "kics:9bae49be", "dockle:CIS-DI-0007"],
  references: [
    page(
      "Building best practices: apt-get",
      "https://docs.docker.com/build/building/best-practices/#apt-get",
    ),
  ],
  examples: {
    bad: "RUN apt-get update\nRUN apt-get install -y curl",
    good: "RUN apt-get update && apt-get install -y curl",
  },
  judge: (evidence, { settings }) => {
    const { dockerfile } = evidence;
    const calls = [APT, APK, YUM, DNF, ZYPPER].flatMap((manager) =>
      packageCalls(dockerfile, manager, settings),
    );
    if (calls.length === 0) return [];
    const steps = perStep(calls);
    const byInstruction = new Map([...steps].map(([step, own]) => [step.instruction, own]));
    const found: StepOffences[] = [];
    for (const [step, own] of steps) {
      const update = own.find(({ manager, verb }) => manager.refresh.has(verb));
      if (update === undefined || !isAlone(step, own) || isKeptOut(step, ...LIST_FOLDERS)) continue;
      const { command } = update.call;
      const name = `${command.name} ${update.verb}`;
      found.push([step, [{ range: command.range, name, edits: merged(evidence, update, byInstruction) }]]);
    }
    found.sort(([a], [b]) => a.instruction.index - b.instruction.index);
    return judgeSteps(evidence, found, {
      message: (names) => `${names} runs without an install in the same RUN`,
      fix: { title: "Move it into the RUN that installs", safety: "safe" },
    });
  },
});

/** Nothing in the step can use the lists: a script or a program that we do not know might. */
function isAlone({ calls }: Step, own: readonly PackageCall[]): boolean {
  const known = new Set(own.map(({ call }) => call));
  const uses = (packageCall: PackageCall): boolean =>
    installs(packageCall) ||
    /^(?:build-dep|source|download|satisfy|show|search|policy|list|info|fetch)$/.test(packageCall.verb);
  return (
    !own.some(uses) &&
    calls.every((call) => known.has(call) || call.command.name === null || IDLE.has(call.command.name))
  );
}

/** The update before the first command of the next instruction, if that installs with the same program. */
function merged(
  { dockerfile }: DockerfileEvidence,
  { step, call, manager }: PackageCall,
  calls: ReadonlyMap<Instruction, readonly PackageCall[]>,
): Edit[] | null {
  const { instruction } = step;
  const next = dockerfile.instructions[instruction.index + 1];
  if (
    next === undefined ||
    next.keyword !== "RUN" ||
    next.stage !== instruction.stage ||
    next.flags.length > 0
  ) {
    return null;
  }
  if (!(calls.get(next) ?? []).some((each) => each.manager === manager && installs(each))) return null;
  if (instruction.keyword !== "RUN" || step.calls.length !== 1 || instruction.flags.length > 0) return null;
  const [body] = next.shell;
  // one list of commands, so that a failing update still ends the step
  if (call.body.form !== "shell" || body?.form !== "shell" || body.script?.commands.length !== 1) return null;
  const { range, redirects } = call.written;
  const command = dockerfile.text.slice(range.start, range.end);
  const removal = removeLines(dockerfile, instruction.range);
  if (removal === null || command.includes("\n") || redirects.length > 0) return null;
  const start = body.origin(0);
  return [removal, { start, end: start, text: `${command} && ` }];
}
