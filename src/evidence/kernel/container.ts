import type { ActualContainer } from "#model/evidence/container.ts";
import type { MountEvidence } from "#model/evidence/mount.ts";
import type { NamespaceType, Namespaces, ProcessEvidence } from "#model/evidence/process.ts";
import { got, mapReading, missing, type Reading } from "#model/reading.ts";
import { attempt, type HostFiles } from "../filesystem.ts";
import { type CgroupLimits, cgroupMounts, collectCgroup } from "./cgroup.ts";
import { collectDeviceNodes } from "./devices.ts";
import { below, byDevice, hostPathOf, type MountLine, parseMountinfo } from "./mountinfo.ts";
import {
  collectNamespaces,
  collectProcess,
  parseIdMap,
  parseLimits,
  type OpenFileSearch,
  type ProcessSketch,
  sketchProcesses,
} from "./process.ts";
import { reachableSockets } from "./reached-sockets.ts";
import { collectListeners, countSockets } from "./sockets.ts";

/** Descriptors looked at per container: some seconds' work, more than all of a usual one. */
const MAX_DESCRIPTORS = 50_000;

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
  /** Limits of the cgroups above containers, which these share. */
  cgroupLimits: CgroupLimits;
  /** What listens in the network namespace of a process. */
  listenersOf: (pid: number | "self") => ReturnType<typeof collectListeners>;
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
  const byNetworkNamespace = new Map<number, ReturnType<typeof collectListeners>>();
  const namespacesOf = (pid: number): Namespaces => {
    const known = cache.get(pid);
    if (known !== undefined) return known;
    const namespaces = collectNamespaces(files, byPid.get(pid)?.task ?? pid);
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
    cgroupLimits: new Map(),
    listenersOf: (pid) => {
      const { net } = pid === "self" ? collectNamespaces(files, pid) : namespacesOf(pid);
      const known = net === undefined ? undefined : byNetworkNamespace.get(net);
      if (known !== undefined) return known;
      const listeners = collectListeners(files, pid === "self" ? pid : (byPid.get(pid)?.task ?? pid));
      // Where this process did not tell, another one in the namespace may.
      if (net !== undefined && listeners.ok) byNetworkNamespace.set(net, listeners);
      return listeners;
    },
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
  const named = ownCgroup(init.cgroupPath, containerId);
  const path = named !== null && holdsSupervisor(view, init, named) ? null : named;
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

// What calls itself a container inside a container may take any id, "system.slice" for one, and would own all
// that runs there. A container's supervisor stays outside of its cgroup.
function holdsSupervisor(view: KernelView, init: ProcessSketch, path: string): boolean {
  const above = view.byPid.get(init.parent)?.cgroupPath ?? "";
  return above === path || above.startsWith(`${path}/`);
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
  surroundings: {
    owned: ReadonlySet<number>;
    trusted: ReadonlySet<number>;
    sockets: Reading<readonly HostSocket[]>;
  },
): Reading<ActualContainer> {
  const { files } = view;
  const { initPid, members } = container;
  const task = view.byPid.get(initPid)?.task ?? initPid;
  const base = `/proc/${task}`;
  const namespaces = view.namespacesOf(initPid);
  const whole = wholeView(view, members, namespaces.mnt);
  const lines = whole.ok
    ? attempt(`${whole.value}/mountinfo`, () =>
        wholeTable(parseMountinfo(files.read(`${whole.value}/mountinfo`, 16 << 20)), files, whole.value),
      )
    : whole;
  const search: OpenFileSearch | null = lines.ok
    ? {
        mountNamespace: namespaces.mnt,
        mountIds: new Set(lines.value.map(({ id }) => id)),
        left: MAX_DESCRIPTORS,
      }
    : null;
  const processes = members
    .map((sketch) => collectProcess(files, sketch, true, search, view.namespacesOf))
    .filter((process) => process !== null);
  if (processes.length === 0)
    return missing(`its first process (${initPid}) has ended or is not on this host`);
  const seenBySupervisor = view.mountsSeenBy(view.byPid.get(initPid)?.parent ?? 0);
  const mounts = mapReading(lines, (all) => withHostPaths(all, view.hostMounts, seenBySupervisor));
  return got({
    initPid,
    processes,
    foreign: foreignProcesses(view, namespaces, surroundings),
    namespaces,
    mounts,
    uidMap: attempt(`${base}/uid_map`, () => parseIdMap(files.read(`${base}/uid_map`))),
    gidMap: attempt(`${base}/gid_map`, () => parseIdMap(files.read(`${base}/gid_map`))),
    cgroup: attempt(`${base}/cgroup`, () =>
      collectCgroup(
        files,
        view.byPid.get(initPid)?.cgroups ?? new Map(),
        view.cgroupMounts,
        view.cgroupLimits,
      ),
    ),
    limits: attempt(`${base}/limits`, () => parseLimits(files.read(`${base}/limits`))),
    listeners: view.listenersOf(initPid),
    packetSockets: attempt("packet sockets", () => countSockets(files.read(`${base}/net/packet`, 8 << 20))),
    rawSockets: attempt("raw sockets", () => countSockets(files.read(`${base}/net/raw`, 8 << 20))),
    deviceNodes: whole.ok
      ? attempt(`${whole.value}/root/dev`, () => collectDeviceNodes(files, `${whole.value}/root/dev`))
      : whole,
    engineSockets:
      whole.ok && lines.ok
        ? mapReading(surroundings.sockets, (sockets) => {
            const tables = [view.hostMounts, seenBySupervisor];
            return reachableSockets(files, whole.value, lines.value, tables, sockets);
          })
        : missing(lines.ok ? "" : lines.why),
    oomScoreAdj: attempt(`${base}/oom_score_adj`, () => Number(files.read(`${base}/oom_score_adj`))),
  });
}

/**
 * Folder in /proc of a process that sees all mounts of the container. One that has changed its root (chroot(2))
 * is shown only those below it (show_mountinfo in fs/proc_namespace.c): the others would go unseen.
 */
function wholeView(
  view: KernelView,
  members: readonly ProcessSketch[],
  mnt: number | undefined,
): Reading<string> {
  let changed = "";
  for (const { pid, task } of members) {
    if (view.namespacesOf(pid).mnt !== mnt) continue;
    const root = attempt("root", () => view.files.readlink(`/proc/${task}/root`));
    // Who may not look at the link is told of all mounts all the same.
    if (!root.ok || root.value === "/") return got(`/proc/${task}`);
    changed ||= root.value;
  }
  return missing(
    `every process has changed its root (to ${changed}), and the kernel shows only the mounts below it`,
  );
}

/** Throws for the table of a changed root that is no mount itself, where the link that tells so is closed to us. */
function wholeTable(lines: MountLine[], files: HostFiles, base: string): MountLine[] {
  if (lines.some(({ target }) => target === "/")) return lines;
  try {
    files.readlink(`${base}/root`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM") {
      throw new Error("shows no root: the process has changed its own, and other mounts are hidden", {
        cause: error,
      });
    }
  }
  return lines;
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
    .map((sketch) => collectProcess(view.files, sketch, false, null, view.namespacesOf))
    .filter((process) => process !== null);
}
