import { flagValue, hasFlag } from "#evidence/shell/flags.ts";
import { page, rule } from "../rule.ts";
import { type Call, isStepShipped } from "./facts/command-calls.ts";
import { insertArgument } from "./facts/command-edits.ts";
import { buildVariable, shellVariable } from "./facts/command-environment.ts";
import { isKeptOut } from "./facts/command-mounts.ts";
import { lastCall } from "./facts/command-order.ts";
import { removedLater } from "./facts/command-removes.ts";
import { judgeCalls } from "./facts/command-report.ts";
import { type PipCall, pipCalls } from "./facts/pip-calls.ts";

const FOLDER = "~/.cache/pip";

export default rule({
  id: "SW-DF-PIP-CACHE",
  subject: "dockerfile",
  title: "The cache of pip stays in the image",
  severity: "low",
  risk: "Every package is stored twice: as it was downloaded and as it was installed.",
  countermeasure:
    "Switch the cache off, or keep it out of the layer with a cache mount, which also speeds up the next build.",
  remediation: { dockerfile: "pip install --no-cache-dir …" },
  aliases: ["DL3042", "kics:f2f903fb"],
  references: [
    page("pip: caching", "https://pip.pypa.io/en/stable/topics/caching/"),
    page("hadolint DL3042", "https://github.com/hadolint/hadolint/wiki/DL3042"),
  ],
  examples: { bad: "RUN pip install flask==3.0.3", good: "RUN pip install --no-cache-dir flask==3.0.3" },
  judge: (evidence, { settings }) =>
    judgeCalls(
      evidence,
      pipCalls(evidence.dockerfile),
      (pip) => {
        const { call, args, verb, verbWord, name, step } = pip;
        if (verb !== "install" || hasFlag({ args }, "no-cache-dir", "no-cache")) return null;
        if (settings.preset !== "hadolint" && (!isStepShipped(step) || isEmptiedLater(pip))) return null;
        const folder = flagValue({ args }, "cache-dir");
        if (isKeptOut(step, FOLDER) || (folder !== null && isKeptOut(step, folder))) return null;
        const variable = "PIP_NO_CACHE_DIR";
        if (isOn(shellVariable(call, variable) ?? buildVariable(evidence.dockerfile, step, variable)))
          return null;
        return {
          range: { start: call.command.nameRange.start, end: verbWord.range.end },
          name: `${name} install`,
          edits: insertArgument(call, verbWord.range, "--no-cache-dir"),
        };
      },
      {
        message: (names) => `${names} leaves its downloads in the layer`,
        fix: { title: "Add --no-cache-dir", safety: "safe" },
      },
    ),
});

/** What pip's configuration takes for true. */
function isOn(value: string | null): boolean {
  return value !== null && /^(?:1|y|yes|t|true|on)$/i.test(value);
}

function isEmptiedLater({ call, step }: PipCall): boolean {
  const purges = ({ command: { args } }: Call): boolean => {
    const at = args.findIndex(({ value }) => value === "cache");
    return at !== -1 && args[at + 1]?.value === "purge";
  };
  return removedLater(call, FOLDER) || lastCall(step, "pip cache purge", purges) > call.at;
}
