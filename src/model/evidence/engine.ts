import * as z from "zod";
import { FileStat } from "./file.ts";
import { ListenerEvidence } from "./container.ts";
import { IdRange, Namespaces } from "./process.ts";
import { reading } from "./reading.ts";

/** A security option of `GET /info`: `name=seccomp,profile=builtin` is `{ name: "seccomp", options: { profile: "builtin" } }`. */
export const SecurityOption = z.object({ name: z.string(), options: z.record(z.string(), z.string()) });

/** What the engine says of itself (`GET /info`), reduced to what rules judge. */
export const EngineInfo = z.object({
  id: z.string(),
  hostName: z.string(),
  rootDir: z.string(),
  storageDriver: z.string(),
  cgroupDriver: z.string(),
  cgroupVersion: z.string(),
  securityOptions: z.array(SecurityOption),
  loggingDriver: z.string(),
  liveRestore: z.boolean(),
  debug: z.boolean(),
  experimental: z.boolean(),
  /** Host names of registries that are talked to without verification. */
  insecureRegistries: z.array(z.string()),
  insecureRegistryCidrs: z.array(z.string()),
  /** Plugins in force when the daemon started; a later reload does not show here. */
  authorizationPlugins: z.array(z.string()),
  defaultRuntime: z.string(),
  runtimes: z.record(z.string(), z.string()),
  /** `inactive`, `pending`, `active`, `error`, `locked`. */
  swarmState: z.string(),
  swarmManager: z.boolean(),
  swarmNodeAddress: z.string(),
  swarmNodes: z.number(),
  swarmManagers: z.number(),
  warnings: z.array(z.string()),
  memoryTotal: z.number(),
  cpus: z.number(),
  osType: z.string(),
  operatingSystem: z.string(),
  kernel: z.string(),
  containers: z.number(),
  images: z.number(),
});
export type EngineInfo = z.infer<typeof EngineInfo>;

/** `GET /version`. Components are named as the engine names them: `containerd`, `runc`, `Engine`. */
export const EngineVersion = z.object({
  version: z.string(),
  apiVersion: z.string(),
  minApiVersion: z.string(),
  platform: z.string(),
  components: z.record(z.string(), z.string()),
});
export type EngineVersion = z.infer<typeof EngineVersion>;

/** A setting of the daemon under the name that daemon.json gives it (dockerd(8)). */
export const DaemonSetting = z.object({
  value: z.unknown(),
  /** `flag` or `file`; the daemon refuses to start if both give the same setting. */
  from: z.enum(["flag", "file"]),
});

/** The daemon's process on this host, found by the socket that it listens on, not by its name. */
export const DaemonEvidence = z.object({
  pid: z.number(),
  argv: z.array(z.string()),
  executable: z.string().nullable(),
  /** The running binary was replaced or removed since the start: an update that is not in force. */
  executableDeleted: z.boolean(),
  /** Milliseconds since the epoch. */
  startedAtMs: z.number().nullable(),
  uid: z.number(),
  namespaces: Namespaces,
  uidMap: z.array(IdRange),
  settings: z.record(z.string(), DaemonSetting),
  configFile: z.object({
    path: z.string(),
    /** null = there is none, which is fine. */
    stat: reading(FileStat.nullable()),
    /** Why its content could not be used: unreadable, not JSON. */
    error: z.string().nullable(),
  }),
  /** Unix sockets that it accepts connections on. */
  unixSockets: z.array(z.object({ path: z.string(), abstract: z.boolean(), stat: FileStat.nullable() })),
  /** TCP sockets that it accepts connections on, in its own network namespace. */
  listeners: z.array(ListenerEvidence),
  /** How many clients are connected to its unix sockets right now. */
  clients: z.number(),
  /** docker-proxy processes that it started. */
  proxies: z.number(),
});
export type DaemonEvidence = z.infer<typeof DaemonEvidence>;

/** One image of the engine's store. */
export const ImageEvidence = z.object({
  id: z.string(),
  tags: z.array(z.string()),
  digests: z.array(z.string()),
  /** ISO time. */
  createdAt: z.string(),
  size: z.number(),
  containers: z.number(),
  detail: reading(
    z.object({
      user: z.string(),
      env: z.array(z.object({ name: z.string(), shape: z.string(), length: z.number() })),
      labels: z.record(z.string(), z.string()),
      exposedPorts: z.array(z.string()),
      volumes: z.array(z.string()),
      workingDir: z.string(),
      entrypoint: z.array(z.string()),
      command: z.array(z.string()),
      healthcheck: z.array(z.string()).nullable(),
      comment: z.string(),
      layers: z.array(z.string()),
      /** Newest first, as the engine gives it; credentials in it are masked. */
      history: z.array(z.object({ createdBy: z.string(), comment: z.string(), size: z.number() })),
    }),
  ),
});
export type ImageEvidence = z.infer<typeof ImageEvidence>;

/** One network of the engine. */
export const NetworkEvidence = z.object({
  id: z.string(),
  name: z.string(),
  driver: z.string(),
  scope: z.string(),
  internal: z.boolean(),
  attachable: z.boolean(),
  ingress: z.boolean(),
  options: z.record(z.string(), z.string()),
  subnets: z.array(z.string()),
  /** Names of the containers connected to it on this host. */
  containers: z.array(z.string()),
});
export type NetworkEvidence = z.infer<typeof NetworkEvidence>;

/** The swarm as its manager describes it. */
export const SwarmEvidence = z.object({
  autolock: z.boolean(),
  /** Nanoseconds. */
  nodeCertExpiry: z.number(),
  rootCa: z.object({ notBefore: z.string(), notAfter: z.string() }).nullable(),
  dataPathAddress: z.string(),
  nodes: z.array(
    z.object({
      id: z.string(),
      hostName: z.string(),
      role: z.string(),
      address: z.string(),
      state: z.string(),
      engineVersion: z.string(),
    }),
  ),
  secrets: z.array(z.string()),
  services: z.array(
    z.object({
      name: z.string(),
      image: z.string(),
      env: z.array(z.object({ name: z.string(), shape: z.string(), length: z.number() })),
      secrets: z.array(z.string()),
    }),
  ),
});
export type SwarmEvidence = z.infer<typeof SwarmEvidence>;

/** One container engine and what it manages. */
export const EngineEvidence = z.object({
  /** `docker`, `docker-2`, `podman`: unique in the evidence. */
  name: z.string(),
  kind: z.enum(["docker", "podman"]),
  /** `unix:///run/docker.sock`, `tcp://10.0.0.5:2376`. */
  endpoint: z.string(),
  /** True if it runs on the host that is judged. */
  local: z.boolean(),
  info: reading(EngineInfo),
  version: reading(EngineVersion),
  daemon: reading(DaemonEvidence),
  images: reading(z.array(ImageEvidence)),
  networks: reading(z.array(NetworkEvidence)),
  /** null = swarm is off. */
  swarm: reading(SwarmEvidence.nullable()),
  /** For a TCP endpoint: whether it answered without a client certificate. */
  openTcp: reading(z.array(z.object({ endpoint: z.string(), tls: z.boolean(), answered: z.boolean() }))),
});
export type EngineEvidence = z.infer<typeof EngineEvidence>;
