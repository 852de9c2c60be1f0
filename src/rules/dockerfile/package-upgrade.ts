import { page, rule } from "../rule.ts";
import { judgeCalls } from "./facts/command-report.ts";
import { APK, APT, DNF, packageCalls, YUM, ZYPPER } from "./facts/package-calls.ts";

export default rule({
  id: "SW-DF-PACKAGE-UPGRADE",
  subject: "dockerfile",
  title: "Upgrades all packages of the base image",
  severity: "low",
  risk: "Every upgraded file lies in the image twice, and two builds of one Dockerfile give two images. Because the builder keeps the layer, the upgrade is also not made again when it would be needed.",
  countermeasure:
    "Take a newer base image, and rebuild without the cache when it gets fixes. Where the base is slow to be rebuilt, upgrading in the build is still better than shipping known holes.",
  remediation: { dockerfile: "name a newer base image, and drop the upgrade" },
  aliases: ["trivy:DS-0024", "kics:682fe378", "dockle:DKL-DI-0003"],
  // Docker itself no longer advises against it: between two releases of the base it is the only way to get fixes.
  presets: { recommended: "off" },
  references: [
    page(
      "Building best practices: rebuild your images often",
      "https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often",
    ),
  ],
  examples: {
    bad: "FROM debian:12\nRUN apt-get update && apt-get upgrade -y && rm -rf /var/lib/apt/lists/*",
    good: "FROM debian:12.7",
  },
  judge: (evidence, { settings }) =>
    judgeCalls(
      evidence,
      [APT, APK, YUM, DNF, ZYPPER].flatMap((manager) => packageCalls(evidence.dockerfile, manager, settings)),
      ({ call: { command }, manager, verb, verbWord, packages }) =>
        manager.upgrade.has(verb) && packages.length === 0 && !(manager === ZYPPER && verb.startsWith("d"))
          ? {
              range: { start: command.nameRange.start, end: verbWord.range.end },
              name: `${command.name} ${verb}`,
              edits: null,
            }
          : null,
      { message: (names) => `${names} changes all packages of the base image` },
    ),
});
