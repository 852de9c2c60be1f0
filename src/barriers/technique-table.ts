import type { BarrierFacts } from "./facts.ts";
import type { Lane, TechniqueInfo } from "./model.ts";
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
import {
  absent,
  dearMounts,
  hasNetwork,
  hasSysrq,
  hostMounts,
  mountsReadOnly,
  neighbours,
  socketMode,
  there,
} from "./structures.ts";

/** A technique with what it needs and what stands in its way, besides `user` where it needs root. */
export interface Technique extends TechniqueInfo {
  structure?: (facts: BarrierFacts) => Lane["structure"];
  barriers: readonly BarrierOf[];
}

/** All techniques, those against the host first. */
export const TECHNIQUES: readonly Technique[] = [
  {
    id: "engine-socket",
    title: "Starts a container of its own on the engine, with the host's disk in it",
    target: "engine",
    needsRoot: false,
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
    mitre: "T1611",
    barriers: [readOnlyPath("/proc/sys/kernel/core_pattern"), securityModule, userNamespace],
  },
  {
    id: "disk-node",
    title: "Reads the host's disk through a device node that it makes",
    target: "host-data",
    needsRoot: true,
    mitre: "T1611",
    barriers: [capability("CAP_MKNOD"), deviceCgroup, userNamespace],
  },
  {
    id: "disk-mount",
    title: "Mounts the host's disk",
    target: "host-root",
    needsRoot: true,
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
    mitre: "T1611",
    barriers: [capability("CAP_SYS_MODULE"), filter("init_module", "CAP_SYS_MODULE"), userNamespace],
  },
  {
    id: "file-handles",
    title: "Opens any file of the host by its handle",
    target: "host-data",
    needsRoot: true,
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
    mitre: "T1611",
    barriers: [namespace("pid", "pid: host"), capability("CAP_SYS_PTRACE"), securityModule, userNamespace],
  },
  {
    id: "kill-host",
    title: "Ends processes of the host",
    target: "uptime",
    needsRoot: true,
    mitre: "T1489",
    barriers: [namespace("pid", "pid: host"), capability("CAP_KILL"), userNamespace],
  },
  {
    id: "host-read",
    title: "Reads files of the host",
    target: "host-data",
    needsRoot: true,
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
    mitre: "T1529",
    structure: hasSysrq,
    barriers: [readOnlyPath("/proc/sysrq-trigger"), securityModule, userNamespace],
  },
  {
    id: "reboot",
    title: "Reboots the host by a call",
    target: "uptime",
    needsRoot: true,
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
    mitre: "T1565",
    barriers: [capability("CAP_SYS_TIME"), filter("settimeofday", "CAP_SYS_TIME"), userNamespace],
  },
  {
    id: "kernel-log",
    title: "Reads the kernel's log, which tells addresses and what other containers do",
    target: "host-data",
    needsRoot: true,
    mitre: "T1082",
    barriers: [capability("CAP_SYSLOG"), filter("syslog", "CAP_SYSLOG"), userNamespace],
  },
  {
    id: "host-name",
    title: "Renames the host",
    target: "uptime",
    needsRoot: true,
    mitre: "T1565",
    barriers: [namespace("uts", "uts: host"), capability("CAP_SYS_ADMIN"), userNamespace],
  },
  {
    id: "host-loopback",
    title: "Connects to services that listen on the host's loopback",
    target: "host-data",
    needsRoot: false,
    mitre: "T1046",
    barriers: [namespace("net", "network_mode: host")],
  },
  {
    id: "host-ipc",
    title: "Reads shared memory of the host",
    target: "host-data",
    needsRoot: false,
    mitre: "T1552",
    barriers: [namespace("ipc", "ipc: host")],
  },
  {
    id: "peer-memory",
    title: "Reads shared memory of another container",
    target: "containers",
    needsRoot: false,
    mitre: "T1552",
    structure: neighbours("ipc"),
    barriers: [],
  },
  {
    id: "peer-processes",
    title: "Reads environment and files of another container's processes",
    target: "containers",
    needsRoot: true,
    mitre: "T1552",
    structure: neighbours("pid"),
    barriers: [],
  },
  {
    id: "peer-traffic",
    title: "Reads the traffic of another container",
    target: "containers",
    needsRoot: true,
    mitre: "T1040",
    structure: neighbours("net"),
    barriers: [capability("CAP_NET_RAW")],
  },
  {
    id: "arp-spoofing",
    title: "Takes over the traffic of its neighbours by forged ARP answers",
    target: "network",
    needsRoot: true,
    mitre: "T1557",
    structure: hasNetwork,
    barriers: [capability("CAP_NET_RAW")],
  },
  {
    id: "memory-bomb",
    title: "Takes all memory of the host",
    target: "uptime",
    needsRoot: false,
    mitre: "T1499",
    barriers: [limit("memory")],
  },
  {
    id: "fork-bomb",
    title: "Takes all process ids of the host",
    target: "uptime",
    needsRoot: false,
    mitre: "T1499",
    barriers: [limit("pids")],
  },
  {
    id: "cpu-hog",
    title: "Takes all processor time of the host",
    target: "uptime",
    needsRoot: false,
    mitre: "T1496",
    barriers: [limit("cpu")],
  },
  {
    id: "user-namespaces",
    title: "Makes a user namespace, in which root's part of the kernel opens",
    target: "kernel",
    needsRoot: false,
    mitre: "T1068",
    barriers: [filter("unshare", "CAP_SYS_ADMIN")],
  },
  {
    id: "setuid",
    title: "Becomes root through a setuid file of the image",
    target: "root",
    needsRoot: false,
    mitre: "T1548.001",
    barriers: [noNewPrivileges],
  },
  {
    id: "drop-and-run",
    title: "Writes a program and runs it",
    target: "persistence",
    needsRoot: true,
    mitre: "T1105",
    barriers: [readOnlyRoot],
  },
];
