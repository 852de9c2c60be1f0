import type { DaemonEvidence } from "#model/evidence/engine.ts";
import { missing, type Reading } from "#model/reading.ts";
import { maskArguments, maskValue } from "../env.ts";
import { attempt, attemptOptional, fileStat, type HostFiles, targetStat } from "../filesystem.ts";
import { object } from "../json.ts";
import type { HostSocket } from "../kernel/container.ts";
import { inodeOfLink, parseIdMap, parseStat } from "../kernel/process.ts";
import { parseUnixListeners } from "../kernel/sockets.ts";
import { parseStatus } from "../kernel/status.ts";
import type { KernelView } from "../kernel/view.ts";
import { parseDaemonFlags } from "./daemon-flags.ts";

/** Programs whose sockets give power over containers or the host. */
const DAEMONS = new Set([
  "dockerd",
  "containerd",
  "podman",
  "crio",
  "buildkitd",
  "kubelet",
  "lxd",
  "incusd",
  "systemd",
  "dbus-daemon",
  "dbus-broker",
]);

/** A daemon that runs on the host, with the sockets it accepts connections on. */
export interface FoundDaemon {
  pid: number;
  program: string;
  unixSockets: { path: string; inode: number }[];
  socketInodes: ReadonlySet<number>;
}

/** Finds the daemons by what they run, and their sockets by the descriptors that they hold. */
export function findDaemons(view: KernelView, containerPids: ReadonlySet<number>): FoundDaemon[] {
  const listeners = new Map<number, ReturnType<typeof parseUnixListeners>>();
  const found: FoundDaemon[] = [];
  for (const sketch of view.sketches) {
    if (!DAEMONS.has(sketch.comm) || containerPids.has(sketch.pid)) continue;
    const sockets = socketInodes(view.files, sketch.pid);
    const netns = view.namespacesOf(sketch.pid).net ?? -sketch.pid;
    let unix = listeners.get(netns);
    if (unix === undefined) {
      const path = `/proc/${sketch.pid}/net/unix`;
      const text = attempt(path, () => view.files.read(path, 16 << 20));
      unix = text.ok ? parseUnixListeners(text.value) : [];
      listeners.set(netns, unix);
    }
    found.push({
      pid: sketch.pid,
      program: sketch.comm,
      unixSockets: unix.filter(({ inode }) => sockets.has(inode)),
      socketInodes: sockets,
    });
  }
  return found;
}

function socketInodes(files: HostFiles, pid: number): Set<number> {
  const inodes = new Set<number>();
  const fds = attempt("fd", () => files.list(`/proc/${pid}/fd`));
  for (const fd of fds.ok ? fds.value : []) {
    const link = attempt(fd, () => files.readlink(`/proc/${pid}/fd/${fd}`));
    const inode = link.ok && link.value.startsWith("socket:") ? inodeOfLink(link.value) : null;
    if (inode !== null) inodes.add(inode);
  }
  return inodes;
}

// Sockets of systemd and D-Bus that let a client start things on the host; their other sockets are harmless.
const MANAGER_SOCKETS = /\/(?:private|system_bus_socket|io\.systemd\.\w*Manager\w*|notify)$/;
// Sockets of an engine that serve no container API: shims, figures, its network library, profiling.
const HARMLESS_SOCKET = /\/containerd\/s\/[0-9a-f]{32,}$|\/metrics\.sock$|\/libnetwork\/|-debug\.sock$/;

/** The sockets that no container should reach, by the inode that they have in the file system. */
export function dangerousSockets(view: KernelView, daemons: readonly FoundDaemon[]): HostSocket[] {
  const sockets = new Map<string, HostSocket>();
  for (const { pid, program, unixSockets } of daemons) {
    for (const { path } of unixSockets) {
      if (!path.startsWith("/") || HARMLESS_SOCKET.test(path)) continue;
      const manager = program === "systemd" || program.startsWith("dbus-");
      if (manager && !MANAGER_SOCKETS.test(path) && !/docker\.sock$|podman\.sock$/.test(path)) continue;
      // Seen with the daemon's eyes first: it may live in a mount namespace of its own.
      for (const seen of [`/proc/${pid}/root${path}`, path]) {
        const stat = attemptOptional(seen, () => view.files.stat(seen));
        if (!stat.ok || stat.value === null) continue;
        const real = attempt(path, () => view.files.realpath(path));
        const hostPath = real.ok ? real.value : path;
        sockets.set(hostPath, { path: hostPath, identity: `${stat.value.dev}:${stat.value.ino}` });
        break;
      }
    }
  }
  return [...sockets.values()];
}

/**
 * The process that accepts connections on `socketPath`, described. Two daemons on one host are told apart
 * by this, where their names and command lines look the same.
 */
export function describeDaemon(
  view: KernelView,
  daemons: readonly FoundDaemon[],
  socketPath: string,
  bootedAtMs: Reading<number>,
): Reading<DaemonEvidence> {
  const owners = listeningOn(view.files, daemons, socketPath);
  // Under socket activation systemd holds the same socket; the engine is the one that answers.
  const owner = owners.find(({ program }) => program !== "systemd");
  if (owner === undefined && owners.length > 0) {
    return missing(`systemd listens on ${socketPath}, and the engine behind it does not run at the moment`);
  }
  if (owner === undefined) {
    return missing(
      `no process on this host was found listening on ${socketPath}: run as root, on the engine's host`,
    );
  }
  const { files } = view;
  const base = `/proc/${owner.pid}`;
  return attempt(base, () => {
    const argv = files.read(`${base}/cmdline`).split("\0").slice(0, -1);
    const parsed = parseDaemonFlags(argv);
    const configFile = parsed.configFile ?? defaultConfig(files, owner.pid);
    const executable = attempt(base, () => files.readlink(`${base}/exe`));
    const status = parseStatus(files.readShort(`${base}/status`));
    const stat = parseStat(files.readShort(`${base}/stat`));
    const config = readConfig(files, owner.pid, configFile);
    const settings = Object.fromEntries([
      ...entriesFrom(config.values, "file"),
      ...entriesFrom(parsed.flags, "flag"),
    ]);
    const tcp = view.socketsOf(owner.pid).listeners;
    if (!tcp.ok) throw new Error(`its listening sockets could not be read (${tcp.why})`);
    return {
      pid: owner.pid,
      argv: maskArguments(argv.map((argument) => argument.slice(0, 4096))),
      executable: executable.ok ? executable.value.replace(/ \(deleted\)$/, "") : null,
      executableDeleted: executable.ok && executable.value.endsWith(" (deleted)"),
      startedAtMs:
        bootedAtMs.ok && stat !== null
          ? Math.round(bootedAtMs.value + (stat.startTicks * 1000) / CLOCK_TICKS)
          : null,
      uid: status?.uids[1] ?? -1,
      namespaces: view.namespacesOf(owner.pid),
      uidMap: parseIdMap(files.readShort(`${base}/uid_map`)),
      settings,
      configFile: { path: configFile, stat: config.stat, error: config.error },
      unixSockets: owner.unixSockets.map(({ path }) => {
        const abstract = !path.startsWith("/");
        const socketStat = attempt(path, () => ({ ...fileStat(files, `${base}/root${path}`), path }));
        return { path, abstract, stat: !abstract && socketStat.ok ? socketStat.value : null };
      }),
      listeners: tcp.value.filter(
        ({ protocol, inode }) => protocol.startsWith("tcp") && owner.socketInodes.has(inode),
      ),
      clients: connectedClients(files, owner),
      proxies: (view.children.get(owner.pid) ?? []).filter(({ comm }) => comm === "docker-proxy").length,
    };
  });
}

const CLOCK_TICKS = 100; // USER_HZ, fixed in the ABI of every architecture Docker runs on

function entriesFrom(values: Record<string, unknown>, from: "flag" | "file") {
  return Object.entries(object(maskValue(values))).map(
    ([name, value]) => [name, { value, from }] as const satisfies [string, unknown],
  );
}

/**
 * The daemons that listen on `socketPath`. Two may use one path, each in a mount namespace of its own: the
 * inode of the socket as each of them sees it tells whose it is, names only where that cannot be asked.
 */
function listeningOn(files: HostFiles, daemons: readonly FoundDaemon[], socketPath: string): FoundDaemon[] {
  const wanted = socketIdentity(files, socketPath);
  const names = new Set([socketPath, realpathOf(files, socketPath)]);
  return daemons.filter(({ pid, unixSockets }) =>
    unixSockets.some(({ path }) => {
      const own = path.startsWith("/") ? socketIdentity(files, `/proc/${pid}/root${path}`) : null;
      if (own !== null && wanted !== null) return own === wanted;
      return names.has(path) || names.has(realpathOf(files, path));
    }),
  );
}

function socketIdentity(files: HostFiles, path: string): string | null {
  const stat = attempt(path, () => files.stat(path));
  return stat.ok && stat.value.isSocket() ? `${stat.value.dev}:${stat.value.ino}` : null;
}

function realpathOf(files: HostFiles, path: string): string {
  const real = attempt(path, () => files.realpath(path));
  return real.ok ? real.value : path;
}

/**
 * The config file of a daemon that was not told one: below the user's own folder for one that runs under
 * RootlessKit (getDefaultDaemonConfigFile in moby).
 */
function defaultConfig(files: HostFiles, pid: number): string {
  const text = attempt("environ", () => files.read(`/proc/${pid}/environ`));
  const variable = (name: string): string | undefined => {
    const entry = text.ok ? text.value.split("\0").find((item) => item.startsWith(`${name}=`)) : undefined;
    return entry?.slice(name.length + 1) || undefined;
  };
  const home = variable("HOME");
  if (variable("ROOTLESSKIT_STATE_DIR") === undefined || home === undefined) return "/etc/docker/daemon.json";
  return `${variable("XDG_CONFIG_HOME") ?? `${home}/.config`}/docker/daemon.json`;
}

function readConfig(
  files: HostFiles,
  pid: number,
  path: string,
): { stat: DaemonEvidence["configFile"]["stat"]; values: Record<string, unknown>; error: string | null } {
  const root = `/proc/${pid}/root`;
  const seen = path.startsWith("/") ? root + path : `/proc/${pid}/cwd/${path}`;
  const stat = attemptOptional(path, () => {
    const target = targetStat(files, seen);
    return { ...target, path: target.path.startsWith(`${root}/`) ? target.path.slice(root.length) : path };
  });
  if (!stat.ok || stat.value === null) return { stat, values: {}, error: stat.ok ? null : stat.why };
  const text = attempt(path, () => files.read(seen));
  if (!text.ok) return { stat, values: {}, error: text.why };
  try {
    // dockerd skips a byte order mark as well (getConflictFreeConfiguration in moby).
    return { stat, values: object(JSON.parse(text.value.replace(/^\uFEFF/, ""))), error: null };
  } catch {
    return { stat, values: {}, error: `${path}: is not JSON` };
  }
}

// An accepted unix connection stands in /proc/net/unix under the listener's path, without the accept flag.
function connectedClients(files: HostFiles, owner: FoundDaemon): number {
  const paths = new Set(owner.unixSockets.map(({ path }) => path));
  const text = attempt("unix", () => files.read(`/proc/${owner.pid}/net/unix`, 16 << 20));
  if (!text.ok) return 0;
  let count = 0;
  for (const line of text.value.split("\n")) {
    const match = /^\S+ \S+ \S+ 00000000 0001 03 +\d+ (.+)$/.exec(line);
    if (match?.[1] !== undefined && paths.has(match[1])) count += 1;
  }
  return count;
}
