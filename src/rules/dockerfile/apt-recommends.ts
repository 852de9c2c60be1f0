import { hasFlag } from "#evidence/shell/flags.ts";
import { page, rule } from "../rule.ts";
import { aptSettings, isAptOff } from "./facts/apt-flags.ts";
import { isStepShipped } from "./facts/command-calls.ts";
import { insertArgument } from "./facts/command-edits.ts";
import { judgeCalls } from "./facts/command-report.ts";
import { APT, packageCalls } from "./facts/package-calls.ts";

export default rule({
  id: "SW-DF-APT-RECOMMENDS",
  subject: "dockerfile",
  title: "Installs packages that nobody asked for",
  severity: "low",
  risk: "apt installs what a package recommends beside what it needs: programs that the service never starts, each of them more to patch and more for an attacker to use.",
  countermeasure:
    "Install without recommended packages. Where something then misses a file, name the package that has it: ca-certificates is the one most often taken for granted.",
  remediation: { dockerfile: "apt-get install --no-install-recommends …" },
  aliases: ["DL3015", "trivy:DS-0029", "kics:7384dfb2"],
  references: [
    page("hadolint DL3015", "https://github.com/hadolint/hadolint/wiki/DL3015"),
    page(
      "Debian policy: Recommends",
      "https://www.debian.org/doc/debian-policy/ch-relationships.html#binary-dependencies-depends-recommends-suggests-enhances-pre-depends",
    ),
  ],
  examples: {
    bad: "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*",
    good: "RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*",
  },
  judge: (evidence, { settings }) =>
    judgeCalls(
      evidence,
      packageCalls(evidence.dockerfile, APT, settings),
      ({ call, verb, verbWord, step }) => {
        if (verb !== "install" || (settings.preset !== "hadolint" && !isStepShipped(step))) return null;
        const given = aptSettings(call.command);
        if (hasFlag(call.command, "no-install-recommends")) return null;
        if (isAptOff(given.get("apt::install-recommends"))) return null;
        return {
          range: { start: call.command.nameRange.start, end: verbWord.range.end },
          name: `${call.command.name} install`,
          edits: insertArgument(call, verbWord.range, "--no-install-recommends"),
        };
      },
      {
        message: (names) => `${names} takes recommended packages along`,
        // Something may have come as a recommendation that the image does need.
        fix: { title: "Add --no-install-recommends", safety: "unsafe" },
      },
    ),
});
