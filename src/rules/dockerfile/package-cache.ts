import { page, rule, type Rule } from "../rule.ts";
import { isStepShipped, perStep } from "./facts/command-calls.ts";
import { appendCommand } from "./facts/command-edits.ts";
import { isKeptOut } from "./facts/command-mounts.ts";
import { removedLater } from "./facts/command-removes.ts";
import { judgeSteps, type StepOffences } from "./facts/command-report.ts";
import { rightsOf } from "./facts/command-text.ts";
import {
  DNF,
  installs,
  type PackageCall,
  packageCalls,
  type PackageManager,
  YUM,
  ZYPPER,
} from "./facts/package-calls.ts";

interface Cache {
  id: string;
  code: string;
  aliases: string[];
  manager: PackageManager;
  /** Verbs that hadolint looks at. */
  known: ReadonlySet<string>;
  /** Verbs that empty the cache. */
  cleans: ReadonlySet<string>;
  folders: readonly string[];
  /** Behind the program's name. */
  command: string;
  bad: string;
  good: string;
}

const RPM_FOLDERS = ["/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/tdnf"];

const CACHES: readonly Cache[] = [
  {
    id: "SW-DF-YUM-CACHE",
    code: "DL3032",
    aliases: ["trivy:DS-0015", "kics:00481784"],
    manager: YUM,
    known: new Set(["install", "module:install", "group:install"]),
    cleans: new Set(["clean"]),
    folders: RPM_FOLDERS,
    command: "clean all",
    bad: "RUN yum install -y httpd-2.4.6",
    good: "RUN yum install -y httpd-2.4.6 && yum clean all",
  },
  {
    id: "SW-DF-ZYPPER-CACHE",
    code: "DL3036",
    aliases: ["trivy:DS-0020", "kics:38300d1a"],
    manager: ZYPPER,
    known: new Set(["install", "in"]),
    cleans: new Set(["clean", "cc"]),
    folders: ["/var/cache/zypp"],
    command: "clean --all",
    bad: "RUN zypper -n install curl=8.0.1",
    good: "RUN zypper -n install curl=8.0.1 && zypper clean --all",
  },
  {
    id: "SW-DF-DNF-CACHE",
    code: "DL3040",
    aliases: ["trivy:DS-0019", "kics:295acb63"],
    manager: DNF,
    known: new Set(
      "install in group:install groups:install grp:install module:install reinstall rei upgrade up upgrade-minimal up-min".split(
        " ",
      ),
    ),
    cleans: new Set(["clean"]),
    folders: RPM_FOLDERS,
    command: "clean all",
    bad: "RUN dnf install -y httpd-2.4.57",
    good: "RUN dnf install -y httpd-2.4.57 && dnf clean all",
  },
];

export default CACHES.map(
  ({ id, code, aliases, manager, known, cleans, folders, command, bad, good }): Rule<"dockerfile"> => {
    const [program = ""] = manager.programs;
    return rule({
      id,
      subject: "dockerfile",
      title: `The cache of ${program} stays in the image`,
      severity: "low",
      risk: "Lists and packages that nobody reads again are stored, pushed and pulled with every image; what a later instruction deletes still lies in the layer.",
      countermeasure: "Empty the cache in the same RUN, or keep it out of the layer with a cache mount.",
      remediation: { dockerfile: `end the RUN with: && ${program} ${command}` },
      aliases: [code, ...aliases],
      references: [
        page(`hadolint ${code}`, `https://github.com/hadolint/hadolint/wiki/${code}`),
        page(
          "Dockerfile: RUN --mount=type=cache",
          "https://docs.docker.com/reference/dockerfile/#run---mounttypecache",
        ),
      ],
      examples: { bad, good },
      judge: (evidence, { settings }) => {
        const strictly = settings.preset === "hadolint";
        const found: StepOffences[] = [];
        for (const [step, calls] of perStep(packageCalls(evidence.dockerfile, manager, settings))) {
          if (!strictly && !isStepShipped(step)) continue;
          const last = calls.findLast((each) => (strictly ? known.has(each.verb) : installs(each)));
          if (last === undefined || isKeptOut(step, ...folders) || removedLater(last.call, ...folders))
            continue;
          const name = last.call.command.name ?? program;
          if (
            isCleaned(last, cleans, strictly ? [name] : RPM_CLEANERS.has(name) ? [...RPM_CLEANERS] : [name])
          )
            continue;
          const { start } = last.call.command.nameRange;
          const edits = appendCommand(evidence.dockerfile, step, `${rightsOf(last.call)}${name} ${command}`);
          found.push([step, [{ range: { start, end: last.verbWord.range.end }, name, edits }]]);
        }
        return judgeSteps(evidence, found, {
          message: (names) => `the cache that ${names} fills stays in the layer`,
          fix: { title: `Empty the cache with ${program} ${command}`, safety: "safe" },
        });
      },
    });
  },
);

// They share their folders: yum of newer distributions is a name of dnf.
const RPM_CLEANERS = new Set(["yum", "dnf", "dnf5", "microdnf", "tdnf"]);

function isCleaned(
  { step, call }: PackageCall,
  cleans: ReadonlySet<string>,
  programs: readonly string[],
): boolean {
  return step.calls
    .slice(call.at + 1)
    .some(
      ({ command: { name, args } }) =>
        name !== null && programs.includes(name) && args.some(({ value }) => cleans.has(value)),
    );
}
