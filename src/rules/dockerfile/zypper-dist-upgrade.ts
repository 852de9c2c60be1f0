import { page, rule } from "../rule.ts";
import { judgeCalls } from "./facts/command-report.ts";
import { packageCalls, ZYPPER } from "./facts/package-calls.ts";

export default rule({
  id: "SW-DF-ZYPPER-DIST-UPGRADE",
  subject: "dockerfile",
  title: "Moves the base image to another release",
  severity: "low",
  risk: "zypper dist-upgrade replaces the distribution under the image: the tag of the base says one release, the packages are of another, and each build gives something else.",
  countermeasure: "Choose the release by the tag of the base image, and build often to get its fixes.",
  remediation: { dockerfile: "drop it, and name the wanted release in FROM" },
  aliases: ["DL3035", "kics:d4895357"],
  references: [
    page("hadolint DL3035", "https://github.com/hadolint/hadolint/wiki/DL3035"),
    page("openSUSE: zypper dup", "https://en.opensuse.org/SDB:System_upgrade"),
  ],
  examples: { bad: "FROM opensuse/leap:15.5\nRUN zypper -n dist-upgrade", good: "FROM opensuse/leap:15.6" },
  judge: (evidence, { settings }) =>
    judgeCalls(
      evidence,
      packageCalls(evidence.dockerfile, ZYPPER, settings),
      ({ call: { command }, verb, verbWord }) =>
        verb === "dist-upgrade" || verb === "dup"
          ? {
              range: { start: command.nameRange.start, end: verbWord.range.end },
              name: `zypper ${verb}`,
              edits: null,
            }
          : null,
      { message: (names) => `${names} replaces the release that the base image was chosen for` },
    ),
});
