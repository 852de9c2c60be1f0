import { flagValue, operands } from "#evidence/shell/flags.ts";
import { page, rule } from "../rule.ts";
import { buildCalls, type Call, isStepShipped, isUsedAsBase, type Step } from "./facts/command-calls.ts";
import { appendCommand } from "./facts/command-edits.ts";
import { isKeptOut } from "./facts/command-mounts.ts";
import { removedLater } from "./facts/command-removes.ts";
import { judgeSteps, type StepOffences } from "./facts/command-report.ts";

// Yarn 1 as user and as root, Yarn 2 and later.
const FOLDERS = ["~/.cache/yarn", "/usr/local/share/.cache/yarn", "~/.yarn/berry/cache"];
const VALUES = new Set([
  "cwd",
  "cache-folder",
  "modules-folder",
  "registry",
  "mutex",
  "network-timeout",
  "network-concurrency",
]);

export default rule({
  id: "SW-DF-YARN-CACHE",
  subject: "dockerfile",
  title: "The cache of Yarn stays in the image",
  severity: "low",
  risk: "Every package is stored twice: in the cache, and in node_modules.",
  countermeasure: "Empty the cache in the same RUN, or keep it out of the layer with a cache mount.",
  remediation: { dockerfile: "end the RUN with: && yarn cache clean" },
  aliases: ["DL3060"],
  references: [
    page("yarn cache", "https://classic.yarnpkg.com/en/docs/cli/cache"),
    page("hadolint DL3060", "https://github.com/hadolint/hadolint/wiki/DL3060"),
  ],
  examples: {
    bad: "RUN yarn install --frozen-lockfile",
    good: "RUN yarn install --frozen-lockfile && yarn cache clean",
  },
  judge: (evidence, { settings }) => {
    const { dockerfile } = evidence;
    const installs = new Map<Step, Call>();
    for (const call of buildCalls(dockerfile, "yarn")) {
      if (isInstall(call, settings.preset === "hadolint")) installs.set(call.step, call);
    }
    const found: StepOffences[] = [];
    for (const [step, last] of installs) {
      const counts = settings.preset === "hadolint" ? isUsedAsBase(dockerfile, step) : isStepShipped(step);
      if (!counts || isCleaned(last)) continue;
      const folder = flagValue(last.command, "cache-folder");
      if (isKeptOut(step, ...FOLDERS) || (folder !== null && isKeptOut(step, folder))) continue;
      const edits = appendCommand(dockerfile, step, "yarn cache clean");
      found.push([step, [{ range: last.command.range, name: "yarn", edits }]]);
    }
    return judgeSteps(evidence, found, {
      message: () => "the cache that yarn fills stays in the layer",
      fix: { title: "Empty the cache with yarn cache clean", safety: "safe" },
    });
  },
});

function isInstall({ command }: Call, strictly: boolean): boolean {
  const [verb, second] = operands(command, VALUES);
  if (verb === undefined)
    return !strictly && !command.args.some(({ value }) => /^(?:-v|--version|-h|--help)$/.test(value));
  if (strictly) return verb.value === "install";
  return (
    verb.value === "install" || verb.value === "add" || (verb.value === "global" && second?.value === "add")
  );
}

function isCleaned(install: Call): boolean {
  if (removedLater(install, ...FOLDERS)) return true;
  return install.step.calls.slice(install.at + 1).some(({ command }) => {
    if (command.name !== "yarn") return false;
    const [verb, second] = operands(command, VALUES);
    return verb?.value === "cache" && second?.value === "clean";
  });
}
