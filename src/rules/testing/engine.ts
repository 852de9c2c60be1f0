import type {
  EngineEvidence,
  EngineInfo,
  ImageEvidence,
  NetworkEvidence,
  SwarmEvidence,
} from "#model/evidence/engine.ts";
import { got, missing } from "#model/reading.ts";
import { hostNamespaces } from "./container.ts";

/** `GET /info` of Docker 20.10 as Debian ships it. */
export function engineInfo(changes: Partial<EngineInfo> = {}): EngineInfo {
  return {
    id: "AAAA:BBBB",
    hostName: "vm",
    rootDir: "/var/lib/docker",
    storageDriver: "overlay2",
    cgroupDriver: "cgroupfs",
    cgroupVersion: "1",
    securityOptions: [{ name: "seccomp", options: { profile: "default" } }],
    loggingDriver: "json-file",
    liveRestore: false,
    debug: false,
    experimental: false,
    insecureRegistries: [],
    insecureRegistryCidrs: ["127.0.0.0/8"],
    authorizationPlugins: [],
    defaultRuntime: "runc",
    runtimes: { runc: "runc" },
    swarmState: "inactive",
    swarmManager: false,
    swarmNodeAddress: "",
    swarmNodes: 0,
    swarmManagers: 0,
    warnings: [],
    memoryTotal: 24 * 2 ** 30,
    cpus: 2,
    osType: "linux",
    operatingSystem: "Debian GNU/Linux 12 (bookworm)",
    kernel: "6.1.0",
    containers: 1,
    images: 1,
    ...changes,
  };
}

/** The process of a rootful dockerd without flags or daemon.json. */
export function daemon(
  changes: Partial<Extract<EngineEvidence["daemon"], { ok: true }>["value"]> = {},
): Extract<EngineEvidence["daemon"], { ok: true }>["value"] {
  return {
    pid: 700,
    argv: ["/usr/sbin/dockerd"],
    executable: "/usr/sbin/dockerd",
    executableDeleted: false,
    startedAtMs: Date.parse("2026-01-01T00:00:00Z"),
    uid: 0,
    namespaces: { ...hostNamespaces() },
    uidMap: [{ inside: 0, outside: 0, count: 4294967295 }],
    settings: {},
    configFile: { path: "/etc/docker/daemon.json", stat: got(null), error: null },
    unixSockets: [{ path: "/run/docker.sock", abstract: false, stat: null }],
    listeners: [],
    clients: 0,
    proxies: 0,
    ...changes,
  };
}

/** A local rootful Docker engine. */
export function engine(changes: Partial<EngineEvidence> = {}): EngineEvidence {
  return {
    name: "docker",
    kind: "docker",
    endpoint: "unix:///run/docker.sock",
    local: true,
    info: got(engineInfo()),
    version: got({
      version: "20.10.24+dfsg1",
      apiVersion: "1.41",
      minApiVersion: "1.12",
      platform: "",
      components: { containerd: "1.6.20~ds1-1+deb12u3", runc: "1.1.5+ds1-1+deb12u1" },
    }),
    daemon: got(daemon()),
    images: got([]),
    networks: got([]),
    swarm: got(null),
    openTcp: missing("not tried"),
    ...changes,
  };
}

/** An image built from a Dockerfile with a base layer and one RUN. */
export function image(changes: Partial<ImageEvidence> = {}): ImageEvidence {
  return {
    id: `sha256:${"b".repeat(64)}`,
    tags: ["app:1"],
    digests: [],
    createdAt: "2026-01-01T00:00:00.000Z",
    size: 10 << 20,
    containers: -1,
    detail: got({
      user: "1000",
      env: [],
      labels: {},
      exposedPorts: [],
      volumes: [],
      workingDir: "/app",
      entrypoint: [],
      command: ["node"],
      healthcheck: ["CMD", "true"],
      comment: "",
      layers: ["sha256:1", "sha256:2"],
      history: [
        { createdBy: "/bin/sh -c #(nop) COPY file:abc in /app", comment: "", size: 100 },
        { createdBy: "/bin/sh -c #(nop) ADD file:base in /", comment: "", size: 5 << 20 },
      ],
    }),
    ...changes,
  };
}

/** The default bridge network, with nobody on it. */
export function network(changes: Partial<NetworkEvidence> = {}): NetworkEvidence {
  return {
    id: "f".repeat(64),
    name: "bridge",
    driver: "bridge",
    scope: "local",
    internal: false,
    attachable: false,
    ingress: false,
    options: {
      "com.docker.network.bridge.default_bridge": "true",
      "com.docker.network.bridge.enable_icc": "true",
    },
    subnets: ["172.17.0.0/16"],
    containers: [],
    ...changes,
  };
}

/** A swarm of one manager with the engine's defaults. */
export function swarm(changes: Partial<SwarmEvidence> = {}): SwarmEvidence {
  return {
    autolock: false,
    nodeCertExpiry: 7776000000000000,
    rootCa: { notBefore: "2026-01-01T00:00:00.000Z", notAfter: "2046-01-01T00:00:00.000Z" },
    dataPathAddress: "",
    nodes: [
      {
        id: "n1",
        hostName: "vm",
        role: "manager",
        address: "10.0.0.1",
        state: "ready",
        engineVersion: "20.10.24",
      },
    ],
    secrets: [],
    services: [],
    ...changes,
  };
}
