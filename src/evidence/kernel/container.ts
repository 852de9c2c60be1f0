import type { ActualContainer } from "#model/evidence/container.ts";
import type { MountEvidence } from "#model/evidence/mount.ts";
import type { NamespaceType, Namespaces, ProcessEvidence } from "#model/evidence/process.ts";
import { got, mapReading, missing, type Reading } from "#model/reading.ts";
import { attempt, attemptOptional, fileStat, type HostFiles } from "../filesystem.ts";
import { cgroupMounts, collectCgroup } from "./cgroup.ts";
import { collectDeviceNodes } from "./devices.ts";
import { below, byDevice, hostPathOf, type MountLine, parseMountinfo } from "./mountinfo.ts";
import {
  collectNamespaces,
  collectProcess,
  parseIdMap,
  parseLimits,
  type ProcessSketch,
  sketchProcesses,
} from "./process.ts";
import { collectListeners, countSockets } from "./sockets.ts";

/** What is read once per host and shared by all its containers. */
export interface KernelView {
  files: HostFiles;
  sketches: ProcessSketch[];
  byPid: Map<number, ProcessSketch>;
  children: Map<number, ProcessSketch[]>;
  namespacesOf: (pid: number) => Namespaces;
  hostMounts: Map<string, readonly MountLine[]>;
  /** Mounts as the supervisor of a container sees them; an engine may live in a mount namespace of its own. */
  mountsSeenBy: (pid: number) => ReadonlyMap<string, readonly MountLine[]>;
  cgroupMounts: ReturnType<typeof cgroupMounts>;
}

/** Takes the one pass over /proc that all containers share. Throws if /proc itself cannot be listed. */
export function viewKernel(files: HostFiles): KernelView {
  const sketches = sketchProcesses(files);
  const byPid = new Map(sketches.map((sketch) => [sketch.pid, sketch]));
  const children = new Map<number, ProcessSketch[]>();
  for (const sketch of sketches) {
    const siblings = children.get(sketch.parent);
    if (siblings === undefined) children.set(sketch.parent, [sketch]);
    else siblings.push(sketch);
  }
  const cache = new Map<number, Namespaces>();
  const mounts = hostMounts(files);
  const byMountNamespace = new Map<number, ReturnType<typeof byDevice>>();
  const namespacesOf = (pid: number): Namespaces => {
    const known = cache.get(pid);
    if (known !== undefined) return known;
    const namespaces = collectNamespaces(files, pid);
    cache.set(pid, namespaces);
    return namespaces;
  };
  return {
    files,
    sketches,
    byPid,
    children,
    namespacesOf,
    mountsSeenBy: (pid) => {
      const inode = namespacesOf(pid).mnt ?? -pid;
      let seen = byMountNamespace.get(inode);
      if (seen === undefined) {
        const text = attempt("mountinfo", () => files.read(`/proc/${pid}/mountinfo`, 16 << 20));
        seen = byDevice(text.ok ? parseMountinfo(text.value) : []);
        byMountNamespace.set(inode, seen);
      }
      return seen;
    },
    hostMounts: byDevice(mounts),
    cgroupMounts: cgroupMounts(mounts),
  };
}

/** Mounts of the host: those of pid 1, or our own where pid 1 may not be looked at. */
export function hostMounts(files: HostFiles): MountLine[] {
  for (const pid of ["1", "self"]) {
    const text = attempt(pid, () => files.read(`/proc/${pid}/mountinfo`, 16 << 20));
    if (text.ok && text.value !== "") return parseMountinfo(text.value);
  }
  return [];
}

/**
 * The processes that belong to a container: those in its cgroup, or, where it has none of its own (rootless
 * on cgroup v1), the descendants of its init.
 */
export function membersOf(view: KernelView, initPid: number, containerId: string): ProcessSketch[] {
  const init = view.byPid.get(initPid);
  if (init === undefined) return [];
  const path = ownCgroup(init.cgroupPath, containerId);
  const members =
    path === null
      ? descendants(view, init)
      : view.sketches.filter(
          ({ cgroupPath }) => cgroupPath === path || cgroupPath?.startsWith(`${path}/`) === true,
        );
  return [init, ...members.filter(({ pid }) => pid !== initPid)];
}

// The part of the path that names the container: its init may have moved itself into a cgroup further down,
// as systemd does.
function ownCgroup(path: string | null, containerId: string): string | null {
  const at = path === null || containerId === "" ? -1 : path.indexOf(containerId);
  if (path === null || at < 0) return null;
  const end = path.indexOf("/", at + containerId.length);
  return end < 0 ? path : path.slice(0, end);
}

function descendants(view: KernelView, ancestor: ProcessSketch): ProcessSketch[] {
  // A set: while /proc is being listed pids are reused, and the parents read may form a ring.
  const found = new Set<ProcessSketch>();
  const queue = [ancestor];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    queue.push(...(view.children.get(next.pid) ?? []));
  }
  return [...found];
}

/** A unix socket of an engine or service manager that no container should reach. */
export interface HostSocket {
  path: string;
  /** `device:inode`, which is the same through every mount. */
  identity: string;
}

/**
 * Reads what the kernel enforces for the container whose first process is `initPid`.
 *
 * `owned` holds every process that belongs to some container, `trusted` the namespaces of the host and of
 * the daemons: sharing these does not make a process foreign.
 */
export function collectActual(
  view: KernelView,
  container: { id: string; initPid: number; members: ProcessSketch[] },
  surroundings: { owned: ReadonlySet<number>; trusted: ReadonlySet<number>; sockets: readonly HostSocket[] },
): Reading<ActualContainer> {
  const { files } = view;
  const { initPid, members } = container;
  const base = `/proc/${initPid}`;
  const mountText = attempt(`${base}/mountinfo`, () => files.read(`${base}/mountinfo`, 16 << 20));
  const lines = mapReading(mountText, parseMountinfo);
  const mountIds = lines.ok ? new Set(lines.value.map(({ id }) => id)) : null;
  const processes = members
    .map((sketch) => collectProcess(files, sketch, true, mountIds))
    .filter((process) => process !== null);
  if (processes.length === 0)
    return missing(`its first process (${initPid}) has ended or is not on this host`);
  const namespaces = view.namespacesOf(initPid);
  const mounts = mapReading(lines, (all) =>
    withHostPaths(all, view.hostMounts, view.mountsSeenBy(view.byPid.get(initPid)?.parent ?? 0)),
  );
  return got({
    initPid,
    processes,
    foreign: foreignProcesses(view, namespaces, surroundings),
    namespaces,
    mounts,
    uidMap: attempt(`${base}/uid_map`, () => parseIdMap(files.read(`${base}/uid_map`))),
    gidMap: attempt(`${base}/gid_map`, () => parseIdMap(files.read(`${base}/gid_map`))),
    cgroup: attempt(`${base}/cgroup`, () =>
      collectCgroup(files, view.byPid.get(initPid)?.cgroups ?? new Map(), view.cgroupMounts),
    ),
    limits: attempt(`${base}/limits`, () => parseLimits(files.read(`${base}/limits`))),
    listeners: collectListeners(files, initPid),
    packetSockets: attempt("packet sockets", () => countSockets(files.read(`${base}/net/packet`, 8 << 20))),
    rawSockets: attempt("raw sockets", () => countSockets(files.read(`${base}/net/raw`, 8 << 20))),
    deviceNodes: attempt(`${base}/root/dev`, () => collectDeviceNodes(files, `${base}/root/dev`)),
    engineSockets: mapReading(lines, (all) => reachableSockets(files, base, all, view, surroundings.sockets)),
    oomScoreAdj: attempt(`${base}/oom_score_adj`, () => Number(files.read(`${base}/oom_score_adj`))),
  });
}

/**
 * Works out which path of the host each mount shows. A mount that came along with a recursive bind is named
 * by its place below that bind, where several paths show the same files.
 */
function withHostPaths(
  lines: readonly MountLine[],
  hostMounts: KernelView["hostMounts"],
  engineMounts: ReadonlyMap<string, readonly MountLine[]>,
): MountEvidence[] {
  const named = new Map<number, { target: string; hostPath: string | null }>();
  return lines.map((line) => {
    const above = named.get(line.parent);
    const rest = above === undefined ? null : below(line.target, above.target);
    const expected =
      above === undefined || above.hostPath === null || rest === null || above.target === "/"
        ? undefined
        : (above.hostPath === "/" ? "" : above.hostPath) + rest;
    const onHost = hostPathOf(line, hostMounts, expected);
    const hostPath =
      expected !== undefined && onHost !== expected && hostPathOf(line, engineMounts, expected) === expected
        ? expected
        : onHost;
    named.set(line.id, { target: line.target, hostPath });
    return { ...line, hostPath };
  });
}

const SHARED_TYPES: readonly NamespaceType[] = ["mnt", "pid", "net", "ipc", "uts"];

function foreignProcesses(
  view: KernelView,
  namespaces: Namespaces,
  { owned, trusted }: { owned: ReadonlySet<number>; trusted: ReadonlySet<number> },
): ProcessEvidence[] {
  const own = SHARED_TYPES.map((type) => [type, namespaces[type]] as const).filter(
    ([, inode]) => inode !== undefined && !trusted.has(inode),
  );
  if (own.length === 0) return [];
  return view.sketches
    .filter(({ pid }) => !owned.has(pid))
    .filter(({ pid }) => {
      const theirs = view.namespacesOf(pid);
      return own.some(([type, inode]) => theirs[type] === inode);
    })
    .map((sketch) => collectProcess(view.files, sketch, false, null))
    .filter((process) => process !== null);
}

/** Sockets of `sockets` that a bind mount shows, proven by the inode and not by the name. */
function reachableSockets(
  files: HostFiles,
  base: string,
  mounts: readonly MountLine[],
  view: KernelView,
  sockets: readonly HostSocket[],
): { path: string; hostPath: string; stat: ReturnType<typeof fileStat> | null }[] {
  const found = new Map<
    string,
    { path: string; hostPath: string; stat: ReturnType<typeof fileStat> | null }
  >();
  for (const mount of mounts) {
    if (mount.target === "/" && mount.type === "overlay") continue;
    const hostPath = hostPathOf(mount, view.hostMounts);
    if (hostPath === null) continue;
    for (const socket of sockets) {
      const rest = below(socket.path, hostPath);
      if (rest === null) continue;
      const path = mount.target === "/" ? rest : mount.target + rest;
      const seen = attemptOptional(path, () => files.stat(`${base}/root${path}`));
      if (!seen.ok || seen.value === null) continue;
      if (`${seen.value.dev}:${seen.value.ino}` !== socket.identity) continue; // something lies over it
      const stat = attempt(path, () => ({ ...fileStat(files, `${base}/root${path}`), path }));
      found.set(path, { path, hostPath: socket.path, stat: stat.ok ? stat.value : null });
    }
  }
  return [...found.values()];
}
