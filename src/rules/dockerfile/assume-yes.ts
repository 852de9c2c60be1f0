import { hasFlag } from "#evidence/shell/flags.ts";
import { page, rule, type Rule } from "../rule.ts";
import { aptQuietness, aptSettings, isAptOn, isAptSimulated } from "./facts/apt-flags.ts";
import { insertArgument } from "./facts/command-edits.ts";
import { judgeCalls } from "./facts/command-report.ts";
import { fedBy } from "./facts/command-text.ts";
import {
  APT,
  DNF,
  type PackageCall,
  packageCalls,
  type PackageManager,
  YUM,
  ZYPPER,
} from "./facts/package-calls.ts";

interface Asking {
  id: string;
  code: string;
  aliases: string[];
  manager: PackageManager;
  /** Verbs that hadolint looks at. */
  known: ReadonlySet<string>;
  /** Whether it is told not to ask. */
  answered(packageCall: PackageCall): boolean;
  flag: "-y" | "-n";
  good: string;
  bad: string;
}

const RPM_VERBS = new Set(["install", "localinstall", "groupinstall", "group:install", "module:install"]);

const ASKING: readonly Asking[] = [
  {
    id: "SW-DF-APT-YES",
    code: "DL3014",
    aliases: ["trivy:DS-0021", "kics:77783205"],
    manager: APT,
    known: new Set(["install"]),
    answered: ({ call: { command } }) =>
      hasFlag(command, "y", "yes", "assume-yes", "force-yes") ||
      aptQuietness(command) >= 2 ||
      isAptOn(aptSettings(command).get("apt::get::assume-yes")) ||
      isAptSimulated(command),
    flag: "-y",
    bad: "RUN apt-get update && apt-get install --no-install-recommends curl",
    good: "RUN apt-get update && apt-get install -y --no-install-recommends curl",
  },
  {
    id: "SW-DF-YUM-YES",
    code: "DL3030",
    aliases: ["kics:6e19193a"],
    manager: YUM,
    known: RPM_VERBS,
    answered: ({ call: { command } }) => hasFlag(command, "y", "assumeyes", "assumeno"),
    flag: "-y",
    bad: "RUN yum install httpd && yum clean all",
    good: "RUN yum install -y httpd && yum clean all",
  },
  {
    id: "SW-DF-ZYPPER-YES",
    code: "DL3034",
    aliases: ["kics:45e1fca5"],
    manager: ZYPPER,
    known: new Set(["install", "in", "remove", "rm", "source-install", "si", "patch"]),
    answered: ({ call: { command } }) =>
      hasFlag(command, "n", "non-interactive", "y", "no-confirm", "D", "dry-run"),
    flag: "-n",
    bad: "RUN zypper install curl && zypper clean",
    good: "RUN zypper -n install curl && zypper clean",
  },
  {
    id: "SW-DF-DNF-YES",
    code: "DL3038",
    aliases: ["kics:7ebd323c"],
    manager: DNF,
    known: RPM_VERBS,
    answered: ({ call: { command } }) => hasFlag(command, "y", "assumeyes", "assumeno"),
    flag: "-y",
    bad: "RUN dnf install httpd && dnf clean all",
    good: "RUN dnf install -y httpd && dnf clean all",
  },
];

export default ASKING.map(
  ({ id, code, aliases, manager, known, answered, flag, bad, good }): Rule<"dockerfile"> => {
    const [program = ""] = manager.programs;
    return rule({
      id,
      subject: "dockerfile",
      title: `${program} asks a question that nobody answers`,
      severity: "medium",
      risk: "A build has no terminal: the program reads the end of its input as a no and stops, or the build works only as long as there is nothing to ask.",
      countermeasure: "Tell it to take every answer for a yes.",
      remediation: { dockerfile: `add ${flag}` },
      aliases: [code, ...aliases],
      references: [page(`hadolint ${code}`, `https://github.com/hadolint/hadolint/wiki/${code}`)],
      examples: { bad, good },
      judge: (evidence, { settings }) => {
        const asks = (packageCall: PackageCall): boolean => {
          const { verb } = packageCall;
          if (settings.preset === "hadolint") return known.has(verb);
          return manager.install.has(verb) || manager.upgrade.has(verb) || manager.remove.has(verb);
        };
        return judgeCalls(
          evidence,
          packageCalls(evidence.dockerfile, manager, settings),
          (packageCall) => {
            const { call, verb, verbWord } = packageCall;
            if (!asks(packageCall) || answered(packageCall)) return null;
            if (settings.preset !== "hadolint" && fedBy(call)?.command.name === "yes") return null;
            const behind = flag === "-n" ? call.command.nameRange : verbWord.range;
            return {
              range: { start: call.command.nameRange.start, end: verbWord.range.end },
              name: `${call.command.name} ${verb.replace(":", " ")}`,
              edits: insertArgument(call, behind, flag),
            };
          },
          {
            message: (names) => `${names} waits for an answer that a build cannot give`,
            fix: { title: `Add ${flag}`, safety: "safe" },
          },
        );
      },
    });
  },
);
