import { daemonConfigs, engineSockets, tlsFile } from "./daemon-places.ts";
import { containerdSockets, fixedPath, type Locate, registryCertificates, unitFiles } from "./places.ts";

/** A file of the engine whose owner and mode decide who controls it. */
export interface EngineFile {
  /** `SW-HOST-FILE-<name>-OWNER`, `SW-HOST-FILE-<name>-MODE` */
  name: string;
  /** As a title begins: `docker.service`. */
  what: string;
  plural?: boolean;
  cisOwner: string;
  cisMode: string;
  locate: Locate;
  /** The most that the mode may hold. */
  allowed: number;
  kind: "config" | "certificate" | "key" | "engine-socket" | "socket";
  risk: string;
  /** What keeps it right. */
  countermeasure: string;
  /** A usual path, for the docs. */
  usual: string;
}

const UNIT_RISK =
  "systemd starts what stands here as root. Whoever can write it is root at the next start of the engine.";
const UNIT_COUNTERMEASURE =
  "Unit files and drop-ins belong to root, and only root writes them; packages install them so.";
const SETTINGS_RISK =
  "The engine runs as root with the settings that stand here: another runtime, a plugin, an open TCP port. Whoever can write it is root.";
const SETTINGS_COUNTERMEASURE =
  "Settings belong to root, and only root writes them. Reading them is harmless as long as no password stands in them.";
const SOCKET_COUNTERMEASURE =
  "Leave the socket to root and one group whose members you know; the engine sets both at start (dockerd --group, SocketMode and SocketGroup of docker.socket).";

/** The files in the order of section 3 of the CIS Docker Benchmark. */
export const ENGINE_FILES: readonly EngineFile[] = [
  {
    name: "DOCKER-SERVICE",
    what: "docker.service",
    cisOwner: "3.1",
    cisMode: "3.2",
    locate: unitFiles("docker.service"),
    allowed: 0o644,
    kind: "config",
    risk: UNIT_RISK,
    countermeasure: UNIT_COUNTERMEASURE,
    usual: "/usr/lib/systemd/system/docker.service",
  },
  {
    name: "DOCKER-SOCKET",
    what: "docker.socket",
    cisOwner: "3.3",
    cisMode: "3.4",
    locate: unitFiles("docker.socket"),
    allowed: 0o644,
    kind: "config",
    risk: "This unit says who may connect to the engine. Whoever can write it opens the engine's socket to everybody at the next start.",
    countermeasure: UNIT_COUNTERMEASURE,
    usual: "/usr/lib/systemd/system/docker.socket",
  },
  {
    name: "ETC-DOCKER",
    what: "/etc/docker",
    cisOwner: "3.5",
    cisMode: "3.6",
    locate: fixedPath("/etc/docker"),
    allowed: 0o755,
    kind: "config",
    risk: "Whoever can write this folder replaces daemon.json and the certificates of registries, whatever the modes of the files in it.",
    countermeasure: SETTINGS_COUNTERMEASURE,
    usual: "/etc/docker",
  },
  {
    name: "REGISTRY-CERT",
    what: "Registry certificates",
    plural: true,
    cisOwner: "3.7",
    cisMode: "3.8",
    locate: registryCertificates,
    allowed: 0o444,
    kind: "certificate",
    risk: "Whoever can change these certificates makes the engine trust a registry of theirs, and so run their images.",
    countermeasure:
      "Certificates belong to root and are written by nobody in daily work; client keys beside them are for root's eyes only.",
    usual: "/etc/docker/certs.d/registry.example.com/ca.crt",
  },
  {
    name: "TLS-CA",
    what: "The CA certificate of the API",
    cisOwner: "3.9",
    cisMode: "3.10",
    locate: tlsFile("tlscacert"),
    allowed: 0o444,
    kind: "certificate",
    risk: "Every client whose certificate this CA has signed controls the engine. Whoever can change it signs their own.",
    countermeasure: "The certificate belongs to root and is written by nobody in daily work.",
    usual: "/etc/docker/tls/ca.pem",
  },
  {
    name: "TLS-CERT",
    what: "The engine's TLS certificate",
    cisOwner: "3.11",
    cisMode: "3.12",
    locate: tlsFile("tlscert"),
    allowed: 0o444,
    kind: "certificate",
    risk: "Whoever can change it stops clients from reaching the engine, or stands in for it towards clients that check too little.",
    countermeasure: "The certificate belongs to root and is written by nobody in daily work.",
    usual: "/etc/docker/tls/server-cert.pem",
  },
  {
    name: "TLS-KEY",
    what: "The engine's TLS key",
    cisOwner: "3.13",
    cisMode: "3.14",
    locate: tlsFile("tlskey"),
    allowed: 0o400,
    kind: "key",
    risk: "Whoever can read the key stands in for the engine: clients send their commands, and the secrets in them, to the wrong place.",
    countermeasure:
      "Only root reads the key. One that others could read is no longer secret: make a new one.",
    usual: "/etc/docker/tls/server-key.pem",
  },
  {
    name: "ENGINE-SOCK",
    what: "The engine's socket",
    cisOwner: "3.15",
    cisMode: "3.16",
    locate: engineSockets,
    allowed: 0o660,
    kind: "engine-socket",
    risk: "Whoever may write to this socket starts a container that mounts / of the host: that is root, without a password and without a trace in sudo's log.",
    countermeasure: SOCKET_COUNTERMEASURE,
    usual: "/run/docker.sock",
  },
  {
    name: "DAEMON-JSON",
    what: "daemon.json",
    cisOwner: "3.17",
    cisMode: "3.18",
    locate: daemonConfigs,
    allowed: 0o644,
    kind: "config",
    risk: SETTINGS_RISK,
    countermeasure: SETTINGS_COUNTERMEASURE,
    usual: "/etc/docker/daemon.json",
  },
  {
    name: "ETC-DEFAULT-DOCKER",
    what: "/etc/default/docker",
    cisOwner: "3.19",
    cisMode: "3.20",
    locate: fixedPath("/etc/default/docker"),
    allowed: 0o644,
    kind: "config",
    risk: SETTINGS_RISK,
    countermeasure: SETTINGS_COUNTERMEASURE,
    usual: "/etc/default/docker",
  },
  {
    name: "ETC-SYSCONFIG-DOCKER",
    what: "/etc/sysconfig/docker",
    cisOwner: "3.22",
    cisMode: "3.21",
    locate: fixedPath("/etc/sysconfig/docker"),
    allowed: 0o644,
    kind: "config",
    risk: SETTINGS_RISK,
    countermeasure: SETTINGS_COUNTERMEASURE,
    usual: "/etc/sysconfig/docker",
  },
  {
    name: "CONTAINERD-SOCK",
    what: "containerd's socket",
    cisOwner: "3.23",
    cisMode: "3.24",
    locate: containerdSockets,
    allowed: 0o660,
    kind: "socket",
    risk: "containerd starts whatever it is told as root, past the engine and its authorization plugins. Whoever may write to its socket is root.",
    countermeasure:
      "The socket belongs to root and root's group; nobody else needs it, clients talk to the engine ([grpc] uid and gid in containerd's config.toml).",
    usual: "/run/containerd/containerd.sock",
  },
];
