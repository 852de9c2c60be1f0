import type { AuditWatch, HostEvidence } from "#model/evidence/host.ts";
import type { Severity } from "#model/severity.ts";
import {
  actual,
  declared,
  fail,
  type Judgement,
  man,
  notApplicable,
  page,
  pass,
  type Rule,
  rule,
  unknown,
} from "../rule.ts";
import { isEnough, watchesOf, watchText } from "./facts/audit-watch.ts";
import { daemonConfigs, dataRoots, engineSockets } from "./facts/daemon-places.ts";
import { shellWord } from "./facts/files.ts";
import {
  containerdSockets,
  containerdState,
  fixedPath,
  type Locate,
  type Place,
  program,
  unitFiles,
} from "./facts/places.ts";

interface WatchRule {
  /** `SW-HOST-AUDIT-<name>` */
  name: string;
  cis: string;
  /** What is watched, as a sentence names it. */
  what: string;
  kind: "program" | "folder" | "file" | "socket";
  locate: Locate;
  severity: Severity;
  risk: string;
  /** A usual path, for the docs. */
  usual: string;
}

const PROGRAM_RISK =
  "Whoever replaces this program runs code as root with the next container, as CVE-2019-5736 did with runc. Without an audit record nobody can tell later when it happened and who did it.";
const CONFIG_RISK =
  "A change here weakens every container that starts afterwards (an open socket, a trusted registry, another runtime). Without an audit record nobody can tell later when it happened and who did it.";
const SOCKET_RISK =
  "Whoever can replace this socket or open its mode to more users gives root away. Without an audit record nobody can tell later when it happened and who did it.";

const TABLE: WatchRule[] = [
  {
    name: "DOCKERD",
    cis: "1.1.3",
    what: "dockerd",
    kind: "program",
    locate: program("dockerd"),
    severity: "medium",
    risk: PROGRAM_RISK,
    usual: "/usr/bin/dockerd",
  },
  {
    name: "RUN-CONTAINERD",
    cis: "1.1.4",
    what: "containerd's state",
    kind: "folder",
    locate: containerdState,
    severity: "medium",
    risk: "The bundles of running containers and containerd's sockets lie here. Whoever writes here changes what runs, and without an audit record nobody can tell later who it was.",
    usual: "/run/containerd",
  },
  {
    name: "DATA-ROOT",
    cis: "1.1.5",
    what: "the engine's data",
    kind: "folder",
    locate: dataRoots,
    severity: "medium",
    risk: "Images, configurations of containers and volumes lie here. Whoever writes here from the host changes every container without asking the engine, and its log shows nothing.",
    usual: "/var/lib/docker",
  },
  {
    name: "ETC-DOCKER",
    cis: "1.1.6",
    what: "the engine's settings",
    kind: "folder",
    locate: fixedPath("/etc/docker"),
    severity: "medium",
    risk: CONFIG_RISK,
    usual: "/etc/docker",
  },
  {
    name: "DOCKER-SERVICE",
    cis: "1.1.7",
    what: "docker.service",
    kind: "file",
    locate: unitFiles("docker.service"),
    severity: "medium",
    risk: CONFIG_RISK,
    usual: "/usr/lib/systemd/system/docker.service",
  },
  {
    name: "CONTAINERD-SOCK",
    cis: "1.1.8",
    what: "containerd's socket",
    kind: "socket",
    locate: containerdSockets,
    severity: "low",
    risk: SOCKET_RISK,
    usual: "/run/containerd/containerd.sock",
  },
  {
    name: "DOCKER-SOCK",
    cis: "1.1.9",
    what: "the engine's socket",
    kind: "socket",
    locate: engineSockets,
    severity: "low",
    risk: SOCKET_RISK,
    usual: "/run/docker.sock",
  },
  {
    name: "ETC-DEFAULT-DOCKER",
    cis: "1.1.10",
    what: "/etc/default/docker",
    kind: "file",
    locate: fixedPath("/etc/default/docker"),
    severity: "low",
    risk: CONFIG_RISK,
    usual: "/etc/default/docker",
  },
  {
    name: "DAEMON-JSON",
    cis: "1.1.11",
    what: "daemon.json",
    kind: "file",
    locate: daemonConfigs,
    severity: "medium",
    risk: CONFIG_RISK,
    usual: "/etc/docker/daemon.json",
  },
  {
    name: "CONTAINERD-CONFIG",
    cis: "1.1.12",
    what: "containerd's settings",
    kind: "file",
    locate: fixedPath("/etc/containerd/config.toml"),
    severity: "low",
    risk: CONFIG_RISK,
    usual: "/etc/containerd/config.toml",
  },
  {
    name: "ETC-SYSCONFIG-DOCKER",
    cis: "1.1.13",
    what: "/etc/sysconfig/docker",
    kind: "file",
    locate: fixedPath("/etc/sysconfig/docker"),
    severity: "low",
    risk: CONFIG_RISK,
    usual: "/etc/sysconfig/docker",
  },
  ...(
    [
      ["CONTAINERD", "1.1.14", "containerd"],
      ["CONTAINERD-SHIM", "1.1.15", "containerd-shim"],
      ["SHIM-RUNC-V1", "1.1.16", "containerd-shim-runc-v1"],
      ["SHIM-RUNC-V2", "1.1.17", "containerd-shim-runc-v2"],
      ["RUNC", "1.1.18", "runc"],
    ] as const
  ).map(([name, cis, binary]): WatchRule => ({
    name,
    cis,
    what: binary,
    kind: "program",
    locate: program(binary),
    severity: binary === "runc" ? "medium" : "low",
    risk: PROGRAM_RISK,
    usual: `/usr/bin/${binary}`,
  })),
];

const RULES_FILE = "/etc/audit/rules.d/docker.rules";

export default TABLE.map((entry) =>
  rule({
    id: `SW-HOST-AUDIT-${entry.name}`,
    subject: "host",
    title: `Changes to ${entry.what} leave no audit record`,
    severity: entry.severity,
    risk: entry.risk,
    countermeasure: countermeasure(entry.kind),
    remediation: { host: addWatch(entry.usual, entry.name === "DATA-ROOT") },
    cis: [entry.cis],
    references: [
      man("auditctl.8"),
      page("audit.rules(7)", "https://man7.org/linux/man-pages/man7/audit.rules.7.html"),
      man("augenrules.8"),
    ],
    examples: {
      bad: "auditctl -l\nNo rules",
      good: `auditctl -l\n-w ${entry.usual} -p ${entry.kind === "program" ? "wxa" : "wa"} -k docker`,
    },
    judge: (host, context) => {
      const { found, unread, absent } = entry.locate(host, context);
      const places = found.filter(({ abstract }) => !abstract);
      if (places.length === 0) return unread.length > 0 ? unknown(unread.join("; ")) : notApplicable(absent);
      const { running, loaded: rules } = host.audit;
      if (!rules.ok && !(running.ok && !running.value)) {
        return unknown(
          `the audit rules in force could not be read (${rules.why}); run as root to judge them`,
        );
      }
      const loaded = rules.ok ? rules.value : [];
      const faults = places.flatMap((place) => judgePlace(entry, place, host, loaded) ?? []);
      for (const why of unread) faults.push({ ...unknown(why), key: "unread" });
      if (faults.length > 0) return faults;
      return pass(
        `${listed(places.map(({ path }) => path))} watched`,
        places.flatMap(({ path, stat }) => {
          const { rules } = watchesOf(loaded, path, isFolder(entry, stat));
          return rules.slice(0, 2).map((watch) => actual("auditctl -l", watchText(watch)));
        }),
      );
    },
  }),
) satisfies Rule<"host">[];

function judgePlace(
  entry: WatchRule,
  { path, stat }: Place,
  host: HostEvidence,
  loaded: readonly AuditWatch[],
): Judgement | null {
  const folder = isFolder(entry, stat);
  const isProgram = entry.kind === "program";
  const { permissions, rules, shallow } = watchesOf(loaded, path, folder);
  const more = { key: path, remediation: addWatch(path, entry.name === "DATA-ROOT") };
  const running = host.audit.running;
  if (running.ok && !running.value) {
    const enough = isEnough(permissions, isProgram);
    return fail(
      enough
        ? `auditd does not run, so what the kernel records of ${path} is not kept`
        : `auditd does not run, so nothing watches ${path}`,
      [
        actual("processes", "no auditd"),
        ...rules.slice(0, 2).map((watch) => actual("auditctl -l", watchText(watch))),
      ],
      {
        ...more,
        severity: "low",
        remediation: `install and start auditd: systemctl enable --now auditd; then ${more.remediation}`,
      },
    );
  }
  if (isEnough(permissions, isProgram)) return null;
  const inFiles = host.audit.files.ok ? watchesOf(host.audit.files.value, path, folder) : null;
  if (inFiles !== null && isEnough(inFiles.permissions, isProgram)) {
    const [first] = inFiles.rules;
    return fail(
      `the rule for ${path} stands in a file but is not loaded, so the kernel records nothing`,
      [
        actual("auditctl -l", rules.slice(0, 5).map(watchText).join("; ") || "no rule for it"),
        ...(first === undefined ? [] : [declared(first.source, watchText(first))]),
      ],
      {
        ...more,
        remediation:
          "augenrules --load; if it refuses, auditctl -s shows whether rules are locked (enabled 2)",
      },
    );
  }
  if (rules.length > 0) {
    return fail(
      `${path} is watched for "${permissions}" only; changes need w and a`,
      rules.slice(0, 5).map((watch) => actual("auditctl -l", watchText(watch))),
      more,
    );
  }
  if (shallow.length > 0) {
    return fail(
      `the rule watches the folder ${path} itself, not what lies in it`,
      shallow
        .slice(0, 5)
        .map((watch) => actual("auditctl -l", `-F path=${watch.path} -F perm=${watch.permissions}`)),
      more,
    );
  }
  return fail(
    `no audit rule watches ${path}`,
    [actual("auditctl -l", `none of ${loaded.length} rules`)],
    more,
  );
}

function isFolder({ kind }: WatchRule, stat: Place["stat"]): boolean {
  return stat.ok ? stat.value.type === "directory" : kind === "folder";
}

function countermeasure(kind: WatchRule["kind"]): string {
  const watch =
    "Load an audit rule that records writes and changes of attributes, and keep it in /etc/audit/rules.d.";
  if (kind === "socket") {
    // kernel/auditsc.c, audit_match_perm(): of the socket calls only bind() counts as a write.
    return `${watch} It records that the socket was replaced or its mode changed; connections are not recorded, those an authorization plugin can log.`;
  }
  if (kind === "folder") {
    return `${watch} A watch on a folder records everything below it; leave out what changes all the time (layers, volumes) by a rule that comes first, or the log drowns.`;
  }
  if (kind === "program") return `${watch} Recording each run (x) costs one line per container start.`;
  return watch;
}

// Rules are matched in order, so the exclusion must come before the watch (auditctl(8), "never").
function addWatch(path: string, isDataRoot: boolean): string {
  const noisy = isDataRoot ? ["overlay2", "volumes"] : [];
  const never = noisy.map((folder) => `-a never,exit -F dir=${path}/${folder} -k docker`);
  const lines = [...never, `-w ${path} -p wa -k docker`];
  return `${lines.map((line) => `echo ${shellWord(line)} >> ${RULES_FILE}`).join("; ")}; augenrules --load`;
}

function listed(paths: readonly string[]): string {
  return `${paths.join(", ")} ${paths.length === 1 ? "is" : "are"}`;
}
