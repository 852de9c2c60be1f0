import { posix } from "node:path";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { AccountEvidence, HostEvidence } from "#model/evidence/host.ts";
import { attempt, attemptOptional, type HostFiles, targetStat } from "../filesystem.ts";
import { parseUnixListeners } from "../kernel/sockets.ts";
import { unitFilesOf } from "./units.ts";

const FIXED = [
  "/boot/grub/grub.cfg",
  "/boot/grub2/grub.cfg",
  "/dev/shm",
  "/etc/containerd/config.toml",
  "/etc/cron.d",
  "/etc/cron.daily",
  "/etc/cron.hourly",
  "/etc/cron.monthly",
  "/etc/cron.weekly",
  "/etc/crontab",
  "/etc/default/docker",
  "/etc/docker",
  "/etc/docker/daemon.json",
  "/etc/group",
  "/etc/gshadow",
  "/etc/passwd",
  "/etc/shadow",
  "/etc/ssh/sshd_config",
  "/etc/subgid",
  "/etc/subuid",
  "/etc/sudoers",
  "/etc/sysconfig/docker",
  "/run/containerd",
  "/run/containerd/containerd.sock",
  "/run/docker.sock",
  "/tmp",
  "/var/tmp",
];

/** Programs of the engine chain, looked for in every folder of programs. */
const PROGRAMS = [
  "containerd",
  "containerd-shim",
  "containerd-shim-runc-v1",
  "containerd-shim-runc-v2",
  "crun",
  "docker-proxy",
  "dockerd",
  "runc",
];
const PROGRAM_FOLDERS = ["/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/usr/libexec/docker"];

const UNITS = ["docker.service", "docker.socket", "containerd.service"];
const MAX_CERTIFICATES = 500;
const MAX_DEPTH = 4;

/**
 * Owner and mode of everything that decides who controls an engine or the host, by path; null = there is no such
 * file. A link is followed: the path in the answer is the real one.
 */
export function collectFiles(
  files: HostFiles,
  engines: readonly EngineEvidence[],
  accounts: readonly AccountEvidence[],
): HostEvidence["files"] {
  const found: HostEvidence["files"] = {};
  const add = (path: string): void => {
    if (path.startsWith("/") && !Object.hasOwn(found, path)) {
      found[path] = attemptOptional(path, () => targetStat(files, path));
    }
  };
  const addExisting = (path: string): void => {
    const real = attempt(path, () => files.realpath(path));
    if (real.ok) add(real.value);
  };
  for (const path of FIXED) add(path);
  for (const program of PROGRAMS) {
    add(`/usr/bin/${program}`);
    for (const folder of PROGRAM_FOLDERS) addExisting(`${folder}/${program}`);
  }
  for (const path of unitFilesOf(files, UNITS)) add(path);
  for (const path of certificates(files, "/etc/docker/certs.d")) add(path);
  for (const path of containerdSockets(files, engines)) addExisting(path);
  for (const engine of engines) if (engine.local) addEngine(engine, add, files, accounts);
  return found;
}

function addEngine(
  engine: EngineEvidence,
  add: (path: string) => void,
  files: HostFiles,
  accounts: readonly AccountEvidence[],
): void {
  const socket = /^unix:\/\/(\/.+)$/.exec(engine.endpoint)?.[1];
  if (socket !== undefined) add(socket);
  if (engine.info.ok && engine.info.value.rootDir !== "") {
    add(engine.info.value.rootDir);
    add(posix.dirname(engine.info.value.rootDir));
  }
  if (!engine.daemon.ok) return;
  const { settings, configFile, executable, unixSockets, uid } = engine.daemon.value;
  add(configFile.path);
  if (executable !== null) add(executable);
  for (const { path, abstract } of unixSockets) if (!abstract) add(path);
  const home = accounts.find((account) => account.uid === uid)?.home ?? (uid === 0 ? "/root" : "");
  const tls = settings.tls?.value === true || settings.tlsverify?.value === true;
  for (const [setting, usual] of [
    ["tlscacert", "ca.pem"],
    ["tlscert", "cert.pem"],
    ["tlskey", "key.pem"],
  ] as const) {
    const path = settings[setting]?.value;
    if (typeof path === "string") add(path);
    // Where TLS is on without them, dockerd looks in its own home (daemon/command/options.go in moby).
    else if (tls && home !== "") add(`${home}/.docker/${usual}`);
  }
  // The units of an engine that belongs to a user lie in that user's home (systemd.unit(5)).
  if (uid > 0 && home !== "") {
    const folders = [`${home}/.config/systemd/user`, "/etc/systemd/user", "/usr/lib/systemd/user"];
    for (const path of unitFilesOf(files, UNITS, folders)) add(path);
  }
}

/** Everything below the folder of registry certificates; links are listed, and not walked into. */
function certificates(files: HostFiles, top: string): string[] {
  const found: string[] = [];
  const walk = (folder: string, depth: number): void => {
    const names = attempt(folder, () => files.list(folder));
    for (const name of names.ok ? names.value.toSorted() : []) {
      if (found.length >= MAX_CERTIFICATES) return;
      const path = `${folder}/${name}`;
      found.push(path);
      const stat = attempt(path, () => files.lstat(path));
      if (stat.ok && stat.value.isDirectory() && depth < MAX_DEPTH) walk(path, depth + 1);
    }
  };
  walk(top, 1);
  return found;
}

/** Where containerd really listens: its own place, or that of an engine which started one for itself. */
function containerdSockets(files: HostFiles, engines: readonly EngineEvidence[]): string[] {
  // Each network namespace lists its own sockets, and an engine may live in one of its own.
  const daemons = engines.flatMap(({ daemon }) => (daemon.ok ? [daemon.value.pid] : []));
  const paths = ["self", ...daemons].flatMap((pid) => {
    const table = `/proc/${pid}/net/unix`;
    const text = attempt(table, () => files.read(table, 16 << 20));
    return text.ok ? parseUnixListeners(text.value).map(({ path }) => path) : [];
  });
  return [...new Set(paths)].filter((path) => /^\/.*\/containerd\.sock$/.test(path));
}
