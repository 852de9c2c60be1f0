import { hasFlag } from "#evidence/shell/flags.ts";
import { page, rule } from "../rule.ts";
import { isStepShipped } from "./facts/command-calls.ts";
import { insertArgument } from "./facts/command-edits.ts";
import { isKeptOut } from "./facts/command-mounts.ts";
import { removedLater } from "./facts/command-removes.ts";
import { judgeCalls } from "./facts/command-report.ts";
import { APK, packageCalls } from "./facts/package-calls.ts";

// The second one is used where setup-apkcache made it (apk-cache(5)).
const FOLDERS = ["/var/cache/apk", "/etc/apk/cache"];

export default rule({
  id: "SW-DF-APK-CACHE",
  subject: "dockerfile",
  title: "The index of apk stays in the image",
  severity: "low",
  risk: "Some megabytes that nobody reads again, in images that are chosen for being small; and a later apk add may trust an index that is out of date.",
  countermeasure: "Let apk fetch its index and forget it, or keep it out of the layer with a cache mount.",
  remediation: { dockerfile: "apk add --no-cache …" },
  aliases: ["DL3019", "trivy:DS-0025", "kics:ae9c56a6", "dockle:DKL-DI-0004"],
  references: [
    page("hadolint DL3019", "https://github.com/hadolint/hadolint/wiki/DL3019"),
    page("apk-tools: apk(8), --no-cache", "https://man.archlinux.org/man/extra/apk-tools/apk.8.en"),
  ],
  examples: { bad: "RUN apk add --update curl=8.5.0-r0", good: "RUN apk add --no-cache curl=8.5.0-r0" },
  judge: (evidence, { settings }) =>
    judgeCalls(
      evidence,
      packageCalls(evidence.dockerfile, APK, settings),
      ({ call, verb, verbWord, step }) => {
        if (verb !== "add" || hasFlag(call.command, "no-cache") || isKeptOut(step, ...FOLDERS)) return null;
        const shipped =
          settings.preset === "hadolint" || (isStepShipped(step) && !removedLater(call, ...FOLDERS));
        if (!shipped) return null;
        return {
          range: { start: call.command.nameRange.start, end: verbWord.range.end },
          name: "apk add",
          edits: insertArgument(call, verbWord.range, "--no-cache"),
        };
      },
      {
        message: (names) => `${names} leaves its index in the layer`,
        fix: { title: "Add --no-cache", safety: "safe" },
      },
    ),
});
