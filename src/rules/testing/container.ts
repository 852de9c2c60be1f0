import type {
  ActualContainer,
  ContainerEvidence,
  DeclaredContainer,
  SpecifiedContainer,
} from "#model/evidence/container.ts";
import type { NamespaceType, ProcessEvidence } from "#model/evidence/process.ts";
import { got, missing } from "#model/reading.ts";

const ID = "a".repeat(64);

/** A process of a default container: root, 14 capabilities, filtered, in namespaces of its own. */
export function processEvidence(changes: Partial<ProcessEvidence> = {}): ProcessEvidence {
  const mask = "00000000a80425fb";
  return {
    pid: 4242,
    innerPid: 1,
    parent: 4200,
    comm: "sleep",
    executable: "/bin/sleep",
    uids: [0, 0, 0, 0],
    gids: [0, 0, 0, 0],
    groups: [],
    capabilities: {
      inheritable: "0000000000000000",
      permitted: mask,
      effective: mask,
      bounding: mask,
      ambient: "0000000000000000",
    },
    noNewPrivs: false,
    seccomp: 2,
    seccompFilters: 1,
    lsmLabel: null,
    namespaces: containerNamespaces(),
    inCgroup: true,
    cgroupPath: `/docker/${ID}`,
    outside: [],
    ...changes,
  };
}

/** Namespaces of a default container: own ones, the host's user, cgroup and time namespaces. */
export function containerNamespaces(): Record<NamespaceType, number> {
  return {
    mnt: 4026532180,
    pid: 4026532183,
    net: 4026532184,
    ipc: 4026532182,
    uts: 4026532181,
    user: 4026531837,
    cgroup: 4026531835,
    time: 4026531834,
  };
}

/** Namespaces of the host that the builders' containers run on. */
export function hostNamespaces(): Record<NamespaceType, number> {
  return {
    mnt: 4026531832,
    pid: 4026531836,
    net: 4026531833,
    ipc: 4026531839,
    uts: 4026531838,
    user: 4026531837,
    cgroup: 4026531835,
    time: 4026531834,
  };
}

/** What the kernel shows of a default container on cgroup v1. */
export function actualContainer(changes: Partial<ActualContainer> = {}): ActualContainer {
  return {
    initPid: 4242,
    processes: [processEvidence()],
    foreign: [],
    namespaces: containerNamespaces(),
    mounts: got([
      mount({ id: 72, target: "/", type: "overlay", source: "overlay", device: "0:39", hostPath: null }),
      mount({
        id: 73,
        parent: 72,
        target: "/proc",
        type: "proc",
        source: "proc",
        device: "0:42",
        hostPath: null,
        options: ["rw", "nosuid", "nodev", "noexec"],
      }),
      mount({
        id: 74,
        parent: 72,
        target: "/dev",
        type: "tmpfs",
        source: "tmpfs",
        device: "0:43",
        hostPath: null,
        options: ["rw", "nosuid"],
      }),
      mount({
        id: 76,
        parent: 72,
        target: "/sys",
        type: "sysfs",
        source: "sysfs",
        device: "0:45",
        hostPath: null,
        options: ["ro", "nosuid", "nodev", "noexec"],
        superOptions: ["ro"],
      }),
      mount({
        id: 52,
        parent: 73,
        root: "/sys",
        target: "/proc/sys",
        type: "proc",
        source: "proc",
        device: "0:42",
        hostPath: null,
        options: ["ro", "nosuid", "nodev", "noexec"],
      }),
    ]),
    uidMap: got([{ inside: 0, outside: 0, count: 4294967295 }]),
    gidMap: got([{ inside: 0, outside: 0, count: 4294967295 }]),
    cgroup: got({
      version: 1,
      paths: { pids: `/docker/${ID}`, memory: `/docker/${ID}`, cpu: `/docker/${ID}` },
      memoryLimit: got(null),
      memoryPeak: got(10 << 20),
      pidsLimit: got(null),
      cpuLimit: got(null),
      cpuShares: got(1024),
      devices: got([
        "c 1:5 rwm",
        "c 1:3 rwm",
        "c 1:9 rwm",
        "c 1:8 rwm",
        "c 5:0 rwm",
        "c 5:1 rwm",
        "c *:* m",
        "b *:* m",
        "c 136:* rwm",
        "c 5:2 rwm",
        "c 10:200 rwm",
      ]),
    }),
    limits: got({
      "Max open files": { soft: 20000, hard: 20000 },
      "Max processes": { soft: 96365, hard: 96365 },
      "Max core file size": { soft: 0, hard: null },
    }),
    listeners: got([]),
    packetSockets: got(0),
    rawSockets: got(0),
    deviceNodes: got([]),
    engineSockets: got([]),
    oomScoreAdj: got(0),
    ...changes,
  };
}

type Mount = Extract<ActualContainer["mounts"], { ok: true }>["value"][number];

/** One mount; a writable bind of a host folder unless changed. */
export function mount(changes: Partial<Mount> = {}): Mount {
  return {
    id: 90,
    parent: 72,
    device: "254:0",
    root: "/",
    target: "/data",
    options: ["rw", "relatime"],
    propagation: [],
    type: "ext4",
    source: "/dev/vda",
    superOptions: ["rw"],
    hostPath: "/srv/data",
    ...changes,
  };
}

/** What `docker run busybox sleep` declares. */
export function declaredContainer(changes: Partial<DeclaredContainer> = {}): DeclaredContainer {
  return {
    source: "docker inspect web",
    imageId: `sha256:${"b".repeat(64)}`,
    user: "",
    workingDir: "",
    entrypoint: [],
    command: ["sleep"],
    env: [],
    labels: {},
    privileged: false,
    capAdd: [],
    capDrop: [],
    securityOpt: [],
    pidMode: "",
    ipcMode: "private",
    networkMode: "default",
    utsMode: "",
    usernsMode: "",
    cgroupnsMode: "host",
    readonlyRootfs: false,
    mounts: [],
    tmpfs: {},
    volumesFrom: [],
    links: [],
    devices: [],
    deviceCgroupRules: [],
    ports: [],
    publishAllPorts: false,
    exposedPorts: [],
    memory: 0,
    memorySwap: 0,
    nanoCpus: 0,
    cpuQuota: 0,
    cpuShares: 0,
    cpusetCpus: "",
    pidsLimit: 0,
    ulimits: [],
    oomKillDisable: false,
    oomScoreAdj: 0,
    restart: { name: "no", max: 0 },
    cgroupParent: "",
    sysctls: {},
    runtime: "runc",
    init: false,
    logDriver: "json-file",
    logOptions: {},
    maskedPaths: [...DEFAULT_MASKED],
    readonlyPaths: [...DEFAULT_READONLY],
    healthcheck: null,
    groupAdd: [],
    networks: [{ name: "bridge", id: "f".repeat(64), ip: "172.17.0.2" }],
    ...changes,
  };
}

const DEFAULT_MASKED = [
  "/proc/asound",
  "/proc/acpi",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/proc/sched_debug",
  "/proc/scsi",
  "/sys/firmware",
];
const DEFAULT_READONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];
const DEFAULT_CAPS = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FSETID",
  "CAP_FOWNER",
  "CAP_MKNOD",
  "CAP_NET_RAW",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SETFCAP",
  "CAP_SETPCAP",
  "CAP_NET_BIND_SERVICE",
  "CAP_SYS_CHROOT",
  "CAP_KILL",
  "CAP_AUDIT_WRITE",
];

/** What the runtime was given for the same container. */
export function specifiedContainer(changes: Partial<SpecifiedContainer> = {}): SpecifiedContainer {
  return {
    source: "/run/bundle/config.json",
    uid: 0,
    gid: 0,
    args: ["sleep"],
    cwd: "/",
    noNewPrivileges: false,
    capabilities: {
      bounding: DEFAULT_CAPS,
      effective: DEFAULT_CAPS,
      permitted: DEFAULT_CAPS,
      inheritable: [],
      ambient: [],
    },
    apparmorProfile: "",
    selinuxLabel: "",
    readonlyRootfs: false,
    namespaces: ["mount", "network", "uts", "pid", "ipc"].map((type) => ({ type, path: "" })),
    mounts: [],
    maskedPaths: [...DEFAULT_MASKED],
    readonlyPaths: [...DEFAULT_READONLY],
    deviceRules: [
      "deny a *:* rwm",
      "allow c 1:5 rwm",
      "allow c 1:3 rwm",
      "allow c 1:9 rwm",
      "allow c 1:8 rwm",
      "allow c 5:0 rwm",
      "allow c 5:1 rwm",
      "deny c 10:229 rwm",
    ],
    devices: [],
    cgroupsPath: `/docker/${ID}`,
    uidMappings: [],
    gidMappings: [],
    seccomp: "default",
    memoryLimit: null,
    pidsLimit: null,
    cpuQuota: null,
    ...changes,
  };
}

/** A default container with all three witnesses; replace one by `missing(…)` to test what is left. */
export function container(changes: Partial<ContainerEvidence> = {}): ContainerEvidence {
  return {
    id: ID,
    name: "web",
    engine: "docker",
    manager: "docker",
    image: "busybox:test",
    state: "running",
    createdAt: "2026-01-01T00:00:00.000Z",
    startedAt: "2026-01-01T00:00:01.000Z",
    finishedAt: "",
    health: "none",
    self: false,
    declared: got(declaredContainer()),
    specified: got(specifiedContainer()),
    actual: got(actualContainer()),
    execs: got([]),
    ...changes,
  };
}

/** A container of which nothing could be read. */
export function unreadableContainer(): ContainerEvidence {
  return container({
    declared: missing("GET /containers/web/json: no answer within 2 s"),
    specified: missing("config.json: permission denied"),
    actual: missing("/proc/4242: permission denied"),
    execs: missing("GET /containers/web/json: no answer within 2 s"),
  });
}
