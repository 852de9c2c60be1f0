import type { Dockerfile } from "#model/evidence/dockerfile.ts";
import { page, rule } from "../rule.ts";
import {
  buildCalls,
  type Call,
  isStepShipped,
  isUsedAsBase,
  perStep,
  type Step,
} from "./facts/command-calls.ts";
import { appendCommand } from "./facts/command-edits.ts";
import { isKeptOut, mountsOf } from "./facts/command-mounts.ts";
import { removedLater, removes } from "./facts/command-removes.ts";
import { judgeSteps, type StepOffences } from "./facts/command-report.ts";
import { rightsOf } from "./facts/command-text.ts";

const LISTS = "/var/lib/apt/lists";
const ARCHIVES = "/var/cache/apt/archives";
/** What keeps packages out of Docker's Debian and Ubuntu images (debuerreotype, docker-apt-*). */
const DOCKER_CLEAN = "/etc/apt/apt.conf.d/docker-clean";
const CLEAN = `rm -rf ${LISTS}/*`;

export default rule({
  id: "SW-DF-APT-LISTS",
  subject: "dockerfile",
  title: "The lists of apt stay in the image",
  severity: "low",
  risk: "Some 20 to 50 MB that nobody reads again are stored, pushed and pulled with every image, and a later install may trust lists that are long out of date.",
  countermeasure:
    "Remove them in the RUN that fetches them, or keep them out of the layer with cache mounts. Whoever installs more in an image built on this one must run apt-get update, as they should anyway.",
  remediation: { dockerfile: `end the RUN with: && ${CLEAN}` },
  aliases: ["DL3009", "kics:df746b39", "dockle:DKL-DI-0005"],
  references: [
    page("hadolint DL3009", "https://github.com/hadolint/hadolint/wiki/DL3009"),
    page(
      "Building best practices: apt-get",
      "https://docs.docker.com/build/building/best-practices/#apt-get",
    ),
  ],
  examples: {
    bad: "RUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10",
    good: `RUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10 && ${CLEAN}`,
  },
  judge: (evidence, { settings }) => {
    const { dockerfile } = evidence;
    const updates = new Map<Step, Call>();
    for (const call of buildCalls(dockerfile, "apt-get", "apt", "aptitude")) {
      if (call.command.args.some(({ value }) => value === "update")) updates.set(call.step, call);
    }
    const found: StepOffences[] = [];
    let readers: number[] | null = null;
    for (const [step, last] of updates) {
      const counts = settings.preset === "hadolint" ? isUsedAsBase(dockerfile, step) : isStepShipped(step);
      if (
        !counts ||
        isCleaned(last, settings.preset === "hadolint") ||
        areMounted(dockerfile, step, settings.preset === "hadolint")
      )
        continue;
      const { nameRange, range } = last.command;
      // where a later step counts on the lists, removing them would break it
      readers ??= lastReaders(dockerfile);
      const isRead = (readers[step.stage?.index ?? -1] ?? -1) > step.instruction.index;
      const edits = isRead ? null : appendCommand(dockerfile, step, rightsOf(last) + CLEAN);
      found.push([
        step,
        [{ range: { start: nameRange.start, end: range.end }, name: last.command.name ?? "apt", edits }],
      ]);
    }
    return judgeSteps(evidence, found, {
      message: (names) => `the lists that ${names} update fetches stay in the layer`,
      fix: { title: `Remove the lists: ${CLEAN}`, safety: "safe" },
    });
  },
});

/** For each stage the last instruction, in it or in one built on it, that installs without fetching lists of its own. */
function lastReaders(dockerfile: Dockerfile): number[] {
  const last = dockerfile.stages.map(() => -1);
  for (const [step, calls] of perStep(buildCalls(dockerfile, "apt-get", "apt", "aptitude"))) {
    const words = calls.map(({ command: { args } }) => args.map(({ value }) => value));
    const update = words.findIndex((args) => args.includes("update"));
    const reader = words.findIndex((args) => args.some((word) => READERS.has(word)));
    if (reader !== -1 && (update === -1 || update > reader) && step.stage !== null) {
      last[step.stage.index] = step.instruction.index;
    }
  }
  for (const { base, index } of dockerfile.stages.toReversed()) {
    if (base !== null) last[base] = Math.max(last[base] ?? -1, last[index] ?? -1);
  }
  return last;
}

const READERS = new Set([
  "install",
  "upgrade",
  "dist-upgrade",
  "full-upgrade",
  "build-dep",
  "source",
  "download",
]);

function isCleaned(update: Call, strictly: boolean): boolean {
  if (removedLater(update, LISTS)) return true;
  const { calls } = update.step;
  // hadolint takes any `rm -rf` for enough, and does not know `dist-clean`, which came with apt 2.7.8
  if (strictly)
    return calls.some(
      ({ command: { name, args } }) => name === "rm" && args.some(({ value }) => value === "-rf"),
    );
  return calls
    .slice(update.at + 1)
    .some(
      ({ command: { name, args } }) =>
        (name === "apt-get" || name === "apt") &&
        args.some(({ value }) => value === "distclean" || value === "dist-clean"),
    );
}

function areMounted(dockerfile: Dockerfile, step: Step, strictly: boolean): boolean {
  if (!isKeptOut(step, LISTS)) return false;
  if (isKeptOut(step, ARCHIVES)) return true;
  if (strictly) return mountsOf(step).some(({ target }) => target === LISTS);
  return !keepsArchives(dockerfile).has(step.stage?.index ?? -1);
}

const keepers = new WeakMap<Dockerfile, ReadonlySet<number>>();

/** Stages that remove what empties the archives. */
function keepsArchives(dockerfile: Dockerfile): ReadonlySet<number> {
  let found = keepers.get(dockerfile);
  if (found === undefined) {
    const calls = buildCalls(dockerfile, "rm").filter((call) => removes(call, DOCKER_CLEAN));
    found = new Set(calls.map(({ step }) => step.stage?.index ?? -1));
    keepers.set(dockerfile, found);
  }
  return found;
}
