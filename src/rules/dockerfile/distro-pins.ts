import type { DockerfileEvidence } from "#model/evidence/dockerfile.ts";
import { page, rule, type Rule } from "../rule.ts";
import { judgeCalls } from "./facts/command-report.ts";
import { APK, APT, DNF, packageCalls, type PackageManager, YUM, ZYPPER } from "./facts/package-calls.ts";
import { unpinned } from "./facts/package-versions.ts";

interface Pin {
  id: string;
  code: string;
  aliases: string[];
  manager: PackageManager;
  /** How a version is written. */
  form: string;
  bad: string;
  good: string;
}

const PINS: readonly Pin[] = [
  {
    id: "SW-DF-APT-PIN",
    code: "DL3008",
    aliases: ["kics:965a08d7"],
    manager: APT,
    form: "apt-get install NAME=VERSION",
    bad: "RUN apt-get update && apt-get install -y curl",
    good: "RUN apt-get update && apt-get install -y curl=7.88.1-10+deb12u5",
  },
  {
    id: "SW-DF-APK-PIN",
    code: "DL3018",
    aliases: ["kics:d3499f6d"],
    manager: APK,
    form: "apk add NAME=VERSION, or NAME~VERSION to allow rebuilds",
    bad: "RUN apk add --no-cache curl",
    good: "RUN apk add --no-cache curl~8.5",
  },
  {
    id: "SW-DF-YUM-PIN",
    code: "DL3033",
    aliases: ["kics:6452c424"],
    manager: YUM,
    form: "yum install NAME-VERSION",
    bad: "RUN yum install -y httpd && yum clean all",
    good: "RUN yum install -y httpd-2.4.6 && yum clean all",
  },
  {
    id: "SW-DF-ZYPPER-PIN",
    code: "DL3037",
    aliases: ["kics:562952e4"],
    manager: ZYPPER,
    form: "zypper install NAME=VERSION",
    bad: "RUN zypper -n install curl && zypper clean",
    good: "RUN zypper -n install curl=8.0.1 && zypper clean",
  },
  {
    id: "SW-DF-DNF-PIN",
    code: "DL3041",
    aliases: ["kics:93d88cf7"],
    manager: DNF,
    form: "dnf install NAME-VERSION",
    bad: "RUN dnf install -y httpd && dnf clean all",
    good: "RUN dnf install -y httpd-2.4.57 && dnf clean all",
  },
];

export default PINS.map(({ id, code, aliases, manager, form, bad, good }): Rule<"dockerfile"> => {
  const [program = ""] = manager.programs;
  return rule({
    id,
    subject: "dockerfile",
    title: `Installs packages with ${program} in whatever version there is`,
    severity: "low",
    risk: "The same Dockerfile gives another image tomorrow: what was tested is not what is shipped, and a build that worked breaks without a change.",
    countermeasure:
      "Pin the base image by digest and the packages by version where builds must be repeatable. It costs upkeep: repositories of distributions drop old versions when they publish a fix, and a pinned build then fails, or stays without the fix.",
    remediation: { dockerfile: form },
    aliases: [code, ...aliases],
    // Few distributions keep old versions: for most images the finding asks for work that makes them worse.
    presets: { recommended: "off" },
    references: [
      page(`hadolint ${code}`, `https://github.com/hadolint/hadolint/wiki/${code}`),
      page(
        "Building best practices: version pinning",
        "https://docs.docker.com/build/building/best-practices/#version-pinning",
      ),
    ],
    examples: { bad, good },
    judge: (evidence: DockerfileEvidence, { settings }) =>
      judgeCalls(
        evidence,
        packageCalls(evidence.dockerfile, manager, settings),
        (packageCall) =>
          unpinned(packageCall).map(({ range, value }) => ({ range, name: value, edits: null })),
        { message: (names) => `installs ${names} without a version` },
      ),
  });
});
