import type { ActualContainer } from "#model/evidence/container.ts";
import type { MountEvidence } from "#model/evidence/mount.ts";
import type { NamespaceType, Namespaces, ProcessEvidence } from "#model/evidence/process.ts";
import { got, mapReading, missing, type Reading } from "#model/reading.ts";
import { attempt, type HostFiles } from "../filesystem.ts";
import { collectCgroup } from "./cgroup.ts";
import { collectDeviceNodes } from "./devices.ts";
import { below, hostPathOf, type MountLine, parseMountinfo } from "./mountinfo.ts";
import { collectProcess, type OpenFileSearch, type ProcessSketch } from "./process.ts";
import { reachableSockets } from "./reached-sockets.ts";
import type { KernelView } from "./view.ts";

/** Descriptors looked at per container: some seconds' work, more than all of a usual one. */
const MAX_DESCRIPTORS = 50_000;

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
        wholeTable(
          parseMountinfo(files.read(`${whole.value}/mountinfo`, 16 << 20), view.splitOptions),
          files,
          whole.value,
        ),
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
    ...view.idMapsOf(initPid),
    cgroup: attempt(`${base}/cgroup`, () =>
      collectCgroup(
        files,
        view.byPid.get(initPid)?.cgroups ?? new Map(),
        view.cgroupMounts,
        view.cgroupLimits,
      ),
    ),
    limits: attempt(`${base}/limits`, () => view.parseLimits(files.readShort(`${base}/limits`))),
    ...view.socketsOf(initPid),
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
    oomScoreAdj: attempt(`${base}/oom_score_adj`, () => Number(files.readShort(`${base}/oom_score_adj`))),
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

function foreignProcesses(
  view: KernelView,
  namespaces: Namespaces,
  { owned, trusted }: { owned: ReadonlySet<number>; trusted: ReadonlySet<number> },
): ProcessEvidence[] {
  const strangers = strangersByNamespace(view, owned);
  const found = new Set<ProcessSketch>();
  for (const type of SHARED_TYPES) {
    const inode = namespaces[type];
    if (inode === undefined || trusted.has(inode)) continue;
    for (const sketch of strangers.get(`${type} ${inode}`) ?? []) found.add(sketch);
  }
  if (found.size === 0) return [];
  return view.sketches
    .filter((sketch) => found.has(sketch))
    .map((sketch) => collectProcess(view.files, sketch, false, null, view.namespacesOf))
    .filter((process) => process !== null);
}

const SHARED_TYPES: readonly NamespaceType[] = ["mnt", "pid", "net", "ipc", "uts"];
// The same for all containers.
const knownStrangers = new WeakMap<ReadonlySet<number>, Map<string, ProcessSketch[]>>();

/** The processes that no container owns, by type and inode of the namespaces that they are in. */
function strangersByNamespace(view: KernelView, owned: ReadonlySet<number>): Map<string, ProcessSketch[]> {
  const known = knownStrangers.get(owned);
  if (known !== undefined) return known;
  const index = new Map<string, ProcessSketch[]>();
  knownStrangers.set(owned, index);
  for (const sketch of view.sketches) {
    if (owned.has(sketch.pid)) continue;
    const namespaces = view.namespacesOf(sketch.pid);
    for (const type of SHARED_TYPES) {
      const key = `${type} ${namespaces[type]}`;
      const same = index.get(key);
      if (same === undefined) index.set(key, [sketch]);
      else same.push(sketch);
    }
  }
  return index;
}
