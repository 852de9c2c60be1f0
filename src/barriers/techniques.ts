import type { NamespaceType } from "#model/evidence/process.ts";
import { isEngineMount } from "#rules/container/facts/mounts.ts";
import { sensitivityOf } from "#rules/container/facts/sensitive-paths.ts";
import { dataRoots } from "#rules/container/mounts.ts";
import type { BarrierFacts } from "./facts.ts";
import type { Barrier, Lane, TechniqueInfo } from "./model.ts";
import {
  type BarrierOf,
  capability,
  deviceCgroup,
  filter,
  limit,
  namespace,
  noNewPrivileges,
  readOnlyPath,
  readOnlyRoot,
  securityModule,
  userNamespace,
} from "./standing.ts";

/** A technique with what it needs and what stands in its way, besides `user` where it needs root. */
export interface Technique extends TechniqueInfo {
  structure?: (facts: BarrierFacts) => Lane["structure"];
  barriers: readonly BarrierOf[];
}

const there = (why: string): Lane["structure"] => ({ there: true, why });
const absent = (why: string): Lane["structure"] => ({ there: false, why });

/** Mounts that show a path of the host. */
function hostMounts({ mounts }: BarrierFacts) {
  return mounts.known ? mounts.value.filter(({ hostPath }) => hostPath !== null) : [];
}

/** Mounts of the host that code would be after: to change what the host trusts, or to read what is dear. */
export function dearMounts(facts: BarrierFacts, use: "write" | "read") {
  const roots = dataRoots(facts.context);
  return hostMounts(facts).filter((mount) => {
    if (mount.target === "/" || mount.within !== null || isEngineMount(mount)) return false;
    // As if it could be written: that it is read-only is a barrier, and barriers may fall.
    const found = sensitivityOf(mount.hostPath ?? "", use === "write", roots);
    return found !== null && (use === "write" ? isDear(found.writable) : found.readable !== null);
  });
}

function isDear(severity: string | null): boolean {
  return severity === "critical" || severity === "high" || severity === "medium";
}

/** A mount of the host that matters is read-only. Stands only if no dear one can be written. */
const mountsReadOnly: BarrierOf = (facts) => {
  const open = dearMounts(facts, "write").find(({ writable }) => writable);
  const [first] = dearMounts(facts, "write");
  return {
    id: "mounts read-only",
    mechanism: "read-only",
    setting: "volumes: ro",
    state: facts.mounts.known ? (open === undefined ? "stands" : "missing") : "unknown",
    why: !facts.mounts.known
      ? facts.mounts.why
      : open === undefined
        ? "what it sees of the host cannot be written"
        : `it can write ${open.hostPath} of the host at ${open.target}`,
    seen: [open ?? first].flatMap((mount) => (mount === undefined ? [] : [mount.seen])),
  };
};

/** Only root and one group may connect to a socket; in another user namespace root is not root. */
const socketMode: BarrierOf = (facts) => {
  const { sockets, root, groups } = facts;
  const common = { id: "socket mode", mechanism: "socket", setting: "user" } as const;
  if (!sockets.known) return { ...common, state: "unknown", why: sockets.why, seen: [] };
  if (!root.known) return { ...common, state: "unknown", why: root.why, seen: [] };
  const byGroup =
    groups.known && sockets.value.some(({ gid }) => gid !== null && gid !== 0 && groups.value.includes(gid));
  const stands = !root.value && !byGroup;
  return {
    ...common,
    state: stands ? "stands" : "missing",
    why: stands
      ? "only root and the socket's group may connect, and it is neither"
      : byGroup
        ? "it is in the group of the socket"
        : "root may connect to the socket",
    seen: [sockets.seen],
  };
};

/** Shares a namespace with another container. */
function neighbours(type: NamespaceType): (facts: BarrierFacts) => Lane["structure"] {
  return (facts) => {
    const sharing = facts.namespace(type);
    if (!sharing.known) return absent(sharing.why);
    const { containers } = sharing.value;
    return sharing.value.with === "containers"
      ? there(`it shares the ${type} namespace of ${containers.slice(0, 3).join(", ")}`)
      : absent(`no other container is in its ${type} namespace`);
  };
}

// The runtime covers it with a mount of its own, unless there is nothing to cover.
const hasSysrq = ({ container, mounts }: BarrierFacts): Lane["structure"] => {
  const path = "/proc/sysrq-trigger";
  const asked = container.specified.ok && container.specified.value.readonlyPaths.includes(path);
  const covered = mounts.known && mounts.value.some(({ target }) => target === path);
  return container.actual.ok && asked && !covered
    ? absent("the kernel has no sysrq")
    : there("writing a letter reboots");
};

const hasNetwork = (facts: BarrierFacts): Lane["structure"] =>
  facts.networkMode === "none" ? absent("it has no network") : there("it is on a network");

/** All techniques, those against the host first. */
export const TECHNIQUES: readonly Technique[] = [
  {
    id: "engine-socket",
    title: "Starts a container of its own on the engine, with the host's disk in it",
    target: "engine",
    needsRoot: false,
    probe: "sock",
    mitre: "T1610",
    structure: ({ sockets }) =>
      !sockets.known
        ? absent(sockets.why)
        : sockets.value.length === 0
          ? absent("no socket of an engine can be reached")
          : there(`${sockets.value[0]?.path} leads to the engine; read-only mounts do not stop connect()`),
    barriers: [socketMode, userNamespace, securityModule],
  },
  {
    id: "host-write",
    title: "Writes files of the host that the host runs or trusts",
    target: "host-root",
    needsRoot: true,
    probe: "openw",
    mitre: "T1611",
    structure: (facts) => {
      const [first] = dearMounts(facts, "write");
      return first === undefined
        ? absent("it sees no dear path of the host")
        : there(`${first.hostPath} of the host is at ${first.target}`);
    },
    barriers: [mountsReadOnly, userNamespace],
  },
  {
    id: "release-agent",
    title: "Lets the kernel run a program as root on the host, through a cgroup's release agent",
    target: "host-root",
    needsRoot: true,
    probe: "mount",
    mitre: "T1611",
    structure: ({ cgroupVersion }) =>
      cgroupVersion === 2 ? absent("cgroup v2 has no release agent") : there("cgroup v1 has a release agent"),
    barriers: [
      capability("CAP_SYS_ADMIN"),
      filter("mount", "CAP_SYS_ADMIN"),
      securityModule,
      namespace("cgroup", "cgroup"),
      userNamespace,
    ],
  },
  {
    id: "core-pattern",
    title: "Lets the kernel run a program as root on the host when something crashes",
    target: "host-root",
    needsRoot: true,
    probe: "openw",
    mitre: "T1611",
    barriers: [readOnlyPath("/proc/sys/kernel/core_pattern"), securityModule, userNamespace],
  },
  {
    id: "disk-node",
    title: "Reads the host's disk through a device node that it makes",
    target: "host-data",
    needsRoot: true,
    probe: "mknodread",
    mitre: "T1611",
    barriers: [capability("CAP_MKNOD"), deviceCgroup, userNamespace],
  },
  {
    id: "disk-mount",
    title: "Mounts the host's disk",
    target: "host-root",
    needsRoot: true,
    probe: "mountdev",
    mitre: "T1611",
    barriers: [
      capability("CAP_SYS_ADMIN"),
      filter("mount", "CAP_SYS_ADMIN"),
      deviceCgroup,
      securityModule,
      userNamespace,
    ],
  },
  {
    id: "module",
    title: "Loads code into the kernel",
    target: "host-root",
    needsRoot: true,
    probe: "sys",
    mitre: "T1611",
    barriers: [capability("CAP_SYS_MODULE"), filter("init_module", "CAP_SYS_MODULE"), userNamespace],
  },
  {
    id: "file-handles",
    title: "Opens any file of the host by its handle",
    target: "host-data",
    needsRoot: true,
    probe: "shocker",
    mitre: "T1611",
    barriers: [
      capability("CAP_DAC_READ_SEARCH"),
      filter("open_by_handle_at", "CAP_DAC_READ_SEARCH"),
      userNamespace,
    ],
  },
  {
    id: "trace-host",
    title: "Takes over a process of the host",
    target: "host-root",
    needsRoot: true,
    probe: "ptrace",
    mitre: "T1611",
    barriers: [namespace("pid", "pid: host"), capability("CAP_SYS_PTRACE"), securityModule, userNamespace],
  },
  {
    id: "kill-host",
    title: "Ends processes of the host",
    target: "uptime",
    needsRoot: true,
    probe: "kill",
    mitre: "T1489",
    barriers: [namespace("pid", "pid: host"), capability("CAP_KILL"), userNamespace],
  },
  {
    id: "host-read",
    title: "Reads files of the host",
    target: "host-data",
    needsRoot: true,
    probe: "read",
    mitre: "T1552",
    structure: (facts) => {
      const [first] = dearMounts(facts, "read");
      return first === undefined
        ? absent("it sees no dear path of the host")
        : there(`${first.hostPath} of the host is at ${first.target}`);
    },
    barriers: [userNamespace],
  },
  {
    id: "mount-propagation",
    title: "Mounts over the host's own file system",
    target: "host-root",
    needsRoot: true,
    probe: "mount",
    mitre: "T1611",
    structure: (facts) => {
      const shared = hostMounts(facts).find((mount) => mount.shared);
      return shared === undefined
        ? absent("no mount of it propagates to the host")
        : there(`what is mounted below ${shared.target} appears on the host`);
    },
    barriers: [capability("CAP_SYS_ADMIN"), filter("mount", "CAP_SYS_ADMIN"), securityModule, userNamespace],
  },
  {
    id: "sysrq",
    title: "Reboots the host through sysrq",
    target: "uptime",
    needsRoot: true,
    probe: "openw",
    mitre: "T1529",
    structure: hasSysrq,
    barriers: [readOnlyPath("/proc/sysrq-trigger"), securityModule, userNamespace],
  },
  {
    id: "reboot",
    title: "Reboots the host by a call",
    target: "uptime",
    needsRoot: true,
    probe: "sys",
    mitre: "T1529",
    barriers: [
      capability("CAP_SYS_BOOT"),
      filter("reboot", "CAP_SYS_BOOT"),
      namespace("pid", "pid: host"),
      userNamespace,
    ],
  },
  {
    id: "clock",
    title: "Sets the host's clock",
    target: "uptime",
    needsRoot: true,
    probe: "clock",
    mitre: "T1565",
    barriers: [capability("CAP_SYS_TIME"), filter("settimeofday", "CAP_SYS_TIME"), userNamespace],
  },
  {
    id: "kernel-log",
    title: "Reads the kernel's log, which tells addresses and what other containers do",
    target: "host-data",
    needsRoot: true,
    probe: "klog",
    mitre: "T1082",
    barriers: [capability("CAP_SYSLOG"), filter("syslog", "CAP_SYSLOG"), userNamespace],
  },
  {
    id: "host-name",
    title: "Renames the host",
    target: "uptime",
    needsRoot: true,
    probe: "sethostname",
    mitre: "T1565",
    barriers: [namespace("uts", "uts: host"), capability("CAP_SYS_ADMIN"), userNamespace],
  },
  {
    id: "host-loopback",
    title: "Connects to services that listen on the host's loopback",
    target: "host-data",
    needsRoot: false,
    probe: "tcp",
    mitre: "T1046",
    barriers: [namespace("net", "network_mode: host")],
  },
  {
    id: "host-ipc",
    title: "Reads shared memory of the host",
    target: "host-data",
    needsRoot: false,
    probe: "shmget",
    mitre: "T1552",
    barriers: [namespace("ipc", "ipc: host")],
  },
  {
    id: "peer-memory",
    title: "Reads shared memory of another container",
    target: "containers",
    needsRoot: false,
    probe: "shmget",
    mitre: "T1552",
    structure: neighbours("ipc"),
    barriers: [],
  },
  {
    id: "peer-processes",
    title: "Reads environment and files of another container's processes",
    target: "containers",
    needsRoot: true,
    probe: "read",
    mitre: "T1552",
    structure: neighbours("pid"),
    barriers: [],
  },
  {
    id: "peer-traffic",
    title: "Reads the traffic of another container",
    target: "containers",
    needsRoot: true,
    probe: "packet",
    mitre: "T1040",
    structure: neighbours("net"),
    barriers: [capability("CAP_NET_RAW")],
  },
  {
    id: "arp-spoofing",
    title: "Takes over the traffic of its neighbours by forged ARP answers",
    target: "network",
    needsRoot: true,
    probe: "packet",
    mitre: "T1557",
    structure: hasNetwork,
    barriers: [capability("CAP_NET_RAW")],
  },
  {
    id: "memory-bomb",
    title: "Takes all memory of the host",
    target: "uptime",
    needsRoot: false,
    probe: "mem",
    mitre: "T1499",
    barriers: [limit("memory")],
  },
  {
    id: "fork-bomb",
    title: "Takes all process ids of the host",
    target: "uptime",
    needsRoot: false,
    probe: "fork",
    mitre: "T1499",
    barriers: [limit("pids")],
  },
  {
    id: "cpu-hog",
    title: "Takes all processor time of the host",
    target: "uptime",
    needsRoot: false,
    probe: "cpu",
    mitre: "T1496",
    barriers: [limit("cpu")],
  },
  {
    id: "user-namespaces",
    title: "Makes a user namespace, in which root's part of the kernel opens",
    target: "kernel",
    needsRoot: false,
    probe: "sys",
    mitre: "T1068",
    barriers: [filter("unshare", "CAP_SYS_ADMIN")],
  },
  {
    id: "setuid",
    title: "Becomes root through a setuid file of the image",
    target: "root",
    needsRoot: false,
    probe: "euid",
    mitre: "T1548.001",
    barriers: [noNewPrivileges],
  },
  {
    id: "drop-and-run",
    title: "Writes a program and runs it",
    target: "persistence",
    needsRoot: true,
    probe: "write",
    mitre: "T1105",
    barriers: [readOnlyRoot],
  },
];

/** True if a barrier is counted. */
export function stands({ state }: Pick<Barrier, "state">): boolean {
  return state === "stands";
}
