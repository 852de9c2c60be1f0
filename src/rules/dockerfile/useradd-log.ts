import { flagValue, hasFlag } from "#evidence/shell/flags.ts";
import { page, rule } from "../rule.ts";
import { buildCalls } from "./facts/command-calls.ts";
import { insertArgument } from "./facts/command-edits.ts";
import { judgeCalls } from "./facts/command-report.ts";

/** Above it the files are megabytes and more: lastlog holds 292 bytes for each id up to the highest. */
const HIGH = 100_000;

export default rule({
  id: "SW-DF-USERADD-LOG",
  subject: "dockerfile",
  title: "Adds a user with a high id and log files that grow with it",
  severity: "medium",
  risk: "useradd writes into /var/log/lastlog and /var/log/faillog at a place that the id decides. The files are sparse, but not in a layer: an id in the billions fills the disk of the machine that builds.",
  countermeasure: "Tell useradd to leave the logs alone.",
  remediation: { dockerfile: "useradd --no-log-init …" },
  aliases: ["DL3046"],
  references: [
    page("Building best practices: USER", "https://docs.docker.com/build/building/best-practices/#user"),
    page("hadolint DL3046", "https://github.com/hadolint/hadolint/wiki/DL3046"),
  ],
  examples: { bad: "RUN useradd -u 1000660000 app", good: "RUN useradd -l -u 1000660000 app" },
  judge: (evidence, { settings }) =>
    judgeCalls(
      evidence,
      buildCalls(evidence.dockerfile, "useradd"),
      (call) => {
        const { command } = call;
        const id = flagValue(command, "u") ?? flagValue(command, "uid");
        if (id === null || hasFlag(command, "l", "no-log-init")) return null;
        const unknown = id.includes("$");
        if (unknown ? settings.preset !== "hadolint" : !(Number(id) >= HIGH)) return null;
        return { range: command.range, name: id, edits: insertArgument(call, command.nameRange, "-l") };
      },
      {
        message: (names) => `useradd makes log files whose size follows the user id ${names}`,
        fix: { title: "Add -l", safety: "safe" },
      },
    ),
});
