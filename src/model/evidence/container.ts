import * as z from "zod";
import { FileStat } from "./file.ts";
import { MountEvidence } from "./mount.ts";
import { IdRange, Namespaces, ProcessEvidence, ResourceLimit } from "./process.ts";
import { reading } from "./reading.ts";

/**
 * An environment variable without its value. Evidence is written to files and sent to servers, so a secret
 * never enters it: only the shape of the value is kept, which is all that rules need.
 */
export const EnvEvidence = z.object({
  name: z.string(),
  /** `token:<format>` for the recognisable formats of credentials (`token:github`). */
  shape: z.string(),
  length: z.number(),
});
export type EnvEvidence = z.infer<typeof EnvEvidence>;

/** A place in a file where one setting of a container stands. */
const DeclaredPlace = z.object({
  /** The field as the file calls it: `services.web.privileged`, `--privileged`. */
  field: z.string(),
  /** Offsets in the file's text. */
  start: z.number(),
  end: z.number(),
});

/** The file that declares a container which need not run. */
export const DeclaredIn = z.object({
  /** As the user names it. */
  path: z.string(),
  carrier: z.enum(["compose", "run", "kubernetes"]),
  /** Where the container as a whole is declared: its service name, the command. */
  place: DeclaredPlace,
  /**
   * Where settings stand, by the path that rules name (`HostConfig.Privileged`), or path and the judgement's
   * key (`Mounts /hostrun`).
   */
  places: z.record(z.string(), DeclaredPlace),
  /**
   * Settings that the file does not tell, and why, by the path that rules name: `"HostConfig.Memory": "it is set to
   * $MEMORY"`. `*` holds for every setting that has no place: more options come from a variable.
   */
  unread: z.record(z.string(), z.string()).exactOptional(),
});
export type DeclaredIn = z.infer<typeof DeclaredIn>;

/** What somebody asked for: `docker inspect`, and in the same shape a Compose service or a run line. */
export const DeclaredContainer = z.object({
  /** Where it is declared: `docker inspect web`. */
  source: z.string(),
  imageId: z.string(),
  user: z.string(),
  workingDir: z.string(),
  entrypoint: z.array(z.string()),
  command: z.array(z.string()),
  env: z.array(EnvEvidence),
  labels: z.record(z.string(), z.string()),
  privileged: z.boolean(),
  capAdd: z.array(z.string()),
  capDrop: z.array(z.string()),
  securityOpt: z.array(z.string()),
  pidMode: z.string(),
  ipcMode: z.string(),
  networkMode: z.string(),
  utsMode: z.string(),
  usernsMode: z.string(),
  cgroupnsMode: z.string(),
  readonlyRootfs: z.boolean(),
  mounts: z.array(
    z.object({
      type: z.string(),
      source: z.string(),
      target: z.string(),
      writable: z.boolean(),
      mode: z.string(),
      propagation: z.string(),
      volume: z.string().optional(),
    }),
  ),
  tmpfs: z.record(z.string(), z.string()),
  volumesFrom: z.array(z.string()),
  links: z.array(z.string()),
  devices: z.array(z.object({ host: z.string(), container: z.string(), permissions: z.string() })),
  deviceCgroupRules: z.array(z.string()),
  ports: z.array(
    z.object({ container: z.number(), protocol: z.string(), hostIp: z.string(), hostPort: z.number() }),
  ),
  publishAllPorts: z.boolean(),
  exposedPorts: z.array(z.string()),
  /** Bytes; 0 = none asked for. */
  memory: z.number(),
  memorySwap: z.number(),
  nanoCpus: z.number(),
  cpuQuota: z.number(),
  cpuShares: z.number(),
  cpusetCpus: z.string(),
  pidsLimit: z.number(),
  ulimits: z.array(z.object({ name: z.string(), soft: z.number(), hard: z.number() })),
  oomKillDisable: z.boolean(),
  oomScoreAdj: z.number(),
  restart: z.object({ name: z.string(), max: z.number() }),
  cgroupParent: z.string(),
  sysctls: z.record(z.string(), z.string()),
  runtime: z.string(),
  init: z.boolean(),
  logDriver: z.string(),
  logOptions: z.record(z.string(), z.string()),
  /** null = the engine's default list. */
  maskedPaths: z.array(z.string()).nullable(),
  readonlyPaths: z.array(z.string()).nullable(),
  /** null = none; `["NONE"]` = switched off. */
  healthcheck: z.array(z.string()).nullable(),
  groupAdd: z.array(z.string()),
  networks: z.array(z.object({ name: z.string(), id: z.string(), ip: z.string() })),
});
export type DeclaredContainer = z.infer<typeof DeclaredContainer>;

/** An OCI seccomp profile, reduced to what decides (runtime-spec, config-linux.md#seccomp). */
export const SeccompProfile = z.object({
  defaultAction: z.string(),
  defaultErrno: z.number().optional(),
  architectures: z.array(z.string()),
  syscalls: z.array(
    z.object({
      names: z.array(z.string()),
      action: z.string(),
      errno: z.number().optional(),
      args: z.array(
        z.object({ index: z.number(), value: z.number(), valueTwo: z.number().optional(), op: z.string() }),
      ),
    }),
  ),
});
export type SeccompProfile = z.infer<typeof SeccompProfile>;

/** What the runtime was given: the OCI `config.json` (runtime-spec, config.md). */
export const SpecifiedContainer = z.object({
  /** Path of the `config.json`. */
  source: z.string(),
  uid: z.number(),
  gid: z.number(),
  args: z.array(z.string()),
  cwd: z.string(),
  noNewPrivileges: z.boolean(),
  capabilities: z.object({
    bounding: z.array(z.string()),
    effective: z.array(z.string()),
    inheritable: z.array(z.string()),
    permitted: z.array(z.string()),
    ambient: z.array(z.string()),
  }),
  apparmorProfile: z.string(),
  selinuxLabel: z.string(),
  readonlyRootfs: z.boolean(),
  /** Namespaces that the runtime makes (`path` empty) or joins; a type not listed is that of the runtime. */
  namespaces: z.array(z.object({ type: z.string(), path: z.string() })),
  mounts: z.array(
    z.object({
      target: z.string(),
      type: z.string(),
      source: z.string(),
      options: z.array(z.string()),
    }),
  ),
  maskedPaths: z.array(z.string()),
  readonlyPaths: z.array(z.string()),
  /** Rules of the device controller, `allow c 1:3 rwm`; absent numbers are `*`. */
  deviceRules: z.array(z.string()),
  devices: z.array(z.object({ path: z.string(), type: z.string(), device: z.string() })),
  cgroupsPath: z.string(),
  uidMappings: z.array(IdRange),
  gidMappings: z.array(IdRange),
  /** Key into `Evidence.seccompProfiles`; null = no filter. */
  seccomp: z.string().nullable(),
  memoryLimit: z.number().nullable(),
  pidsLimit: z.number().nullable(),
  cpuQuota: z.number().nullable(),
});
export type SpecifiedContainer = z.infer<typeof SpecifiedContainer>;

/** Limits that the kernel applies: the smallest on the way from the container's cgroup to the root. */
export const CgroupEvidence = z.object({
  version: z.union([z.literal(1), z.literal(2)]),
  /** Path per controller (v1) or under the empty key (v2). */
  paths: z.record(z.string(), z.string()),
  /** Bytes; null = no limit. */
  memoryLimit: reading(z.number().nullable()),
  memoryPeak: reading(z.number()),
  pidsLimit: reading(z.number().nullable()),
  /** Processor time in CPUs (0.5 = half a core); null = no quota. */
  cpuLimit: reading(z.number().nullable()),
  /** cpu.shares (v1, default 1024) or cpu.weight (v2, default 100). */
  cpuShares: reading(z.number()),
  /** Lines of `devices.list` (v1); on v2 the kernel does not show them. */
  devices: reading(z.array(z.string())),
});
export type CgroupEvidence = z.infer<typeof CgroupEvidence>;

/** A socket that accepts connections or datagrams. */
export const ListenerEvidence = z.object({
  protocol: z.enum(["tcp", "tcp6", "udp", "udp6"]),
  address: z.string(),
  port: z.number(),
  inode: z.number(),
});
export type ListenerEvidence = z.infer<typeof ListenerEvidence>;

/** What the kernel enforces, read from `/proc`. */
export const ActualContainer = z.object({
  initPid: z.number(),
  /** Processes of the container, the first one is its init. */
  processes: z.array(ProcessEvidence),
  /** Processes that share its namespaces but are not its own: `nsenter`, debug tools, attackers. */
  foreign: z.array(ProcessEvidence),
  namespaces: Namespaces,
  mounts: reading(z.array(MountEvidence)),
  uidMap: reading(z.array(IdRange)),
  gidMap: reading(z.array(IdRange)),
  cgroup: reading(CgroupEvidence),
  limits: reading(z.record(z.string(), ResourceLimit)),
  listeners: reading(z.array(ListenerEvidence)),
  /** Open packet(7) and raw(7) sockets in its network namespace. */
  packetSockets: reading(z.number()),
  rawSockets: reading(z.number()),
  /** Device nodes in its /dev that the runtime spec does not list as default, as `/dev/sda b 8:0`. */
  deviceNodes: reading(z.array(z.string())),
  /** Unix sockets of container engines and service managers that can be reached by a path inside. */
  engineSockets: reading(
    z.array(z.object({ path: z.string(), hostPath: z.string(), stat: FileStat.nullable() })),
  ),
  oomScoreAdj: reading(z.number()),
});
export type ActualContainer = z.infer<typeof ActualContainer>;

/** An exec session that the engine knows of while it runs (`GET /exec/ID/json`). */
export const ExecEvidence = z.object({
  id: z.string(),
  pid: z.number(),
  running: z.boolean(),
  privileged: z.boolean(),
  user: z.string(),
  command: z.string(),
});

/** One container with its three witnesses. */
export const ContainerEvidence = z.object({
  id: z.string(),
  name: z.string(),
  /** Name of the engine that runs it, key into `Evidence.engines`; null = found by its shim only. */
  engine: z.string().nullable(),
  /** Who manages it: `docker`, `podman`, or the containerd namespace (`k8s.io`). */
  manager: z.string(),
  image: z.string(),
  state: z.string(),
  /** ISO times; empty where unknown or never. */
  createdAt: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  /** `healthy`, `unhealthy`, `starting`, or `none`. */
  health: z.string(),
  /** True if this very process runs inside it. */
  self: z.boolean(),
  declared: reading(DeclaredContainer),
  specified: reading(SpecifiedContainer),
  actual: reading(ActualContainer),
  execs: reading(z.array(ExecEvidence)),
  /** Only for containers that were read from a file: nothing runs, and only `declared` can be known. */
  declaredIn: DeclaredIn.exactOptional(),
});
export type ContainerEvidence = z.infer<typeof ContainerEvidence>;
