import type { IdRange, Namespaces } from "#model/evidence/process.ts";
import type { Reading } from "#model/reading.ts";
import { attempt, type HostFiles } from "../filesystem.ts";
import { type CgroupLimits, cgroupMounts } from "./cgroup.ts";
import { byDevice, type MountLine, parseMountinfo, splitOptions } from "./mountinfo.ts";
import { once } from "./once.ts";
import {
  collectNamespaces,
  parseIdMap,
  parseLimits,
  type ProcessSketch,
  sketchProcesses,
} from "./process.ts";
import { collectSockets, type NetworkSockets } from "./sockets.ts";

/** What is read once per host and shared by all its containers. */
export interface KernelView {
  files: HostFiles;
  sketches: ProcessSketch[];
  byPid: Map<number, ProcessSketch>;
  children: Map<number, ProcessSketch[]>;
  namespacesOf: (pid: number) => Namespaces;
  /** The mount namespace whose paths those of `files` are; undefined where that cannot be told. */
  ownMounts: number | undefined;
  hostMounts: Map<string, readonly MountLine[]>;
  /** Mounts as the supervisor of a container sees them; an engine may live in a mount namespace of its own. */
  mountsSeenBy: (pid: number) => ReadonlyMap<string, readonly MountLine[]>;
  cgroupMounts: ReturnType<typeof cgroupMounts>;
  /** Limits of the cgroups above containers, which these share. */
  cgroupLimits: CgroupLimits;
  /** What is open in the network namespace of a process. */
  socketsOf: (pid: number | "self") => NetworkSockets;
  /** The maps of the user namespace of a process. */
  idMapsOf: (pid: number) => IdMaps;
  /** These take each text apart once. */
  parseLimits: typeof parseLimits;
  splitOptions: typeof splitOptions;
}

/** How the ids of a user namespace stand to those outside. */
export interface IdMaps {
  uidMap: Reading<IdRange[]>;
  gidMap: Reading<IdRange[]>;
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
  const taskOf = (pid: number): number => byPid.get(pid)?.task ?? pid;
  const split = once(splitOptions);
  const mounts = hostMounts(files, split);
  const namespacesOf = shared(
    (pid: number) => pid,
    (pid) => collectNamespaces(files, taskOf(pid)),
    () => true,
  );
  return {
    files,
    sketches,
    byPid,
    children,
    namespacesOf,
    ownMounts: files.local("/") === "/" ? collectNamespaces(files, "self").mnt : undefined,
    hostMounts: byDevice(mounts),
    mountsSeenBy: shared(
      (pid) => namespacesOf(pid).mnt ?? -pid,
      (pid) => {
        const text = attempt("mountinfo", () => files.read(`/proc/${pid}/mountinfo`, 16 << 20));
        return byDevice(text.ok ? parseMountinfo(text.value, split) : []);
      },
      () => true,
    ),
    cgroupMounts: cgroupMounts(mounts),
    cgroupLimits: new Map(),
    // Where one process does not tell, another one in the namespace may.
    socketsOf: shared(
      (pid) => (pid === "self" ? collectNamespaces(files, pid) : namespacesOf(pid)).net,
      (pid) => collectSockets(files, pid === "self" ? pid : taskOf(pid)),
      ({ listeners }) => listeners.ok,
    ),
    idMapsOf: shared(
      (pid) => namespacesOf(pid).user,
      (pid) => readIdMaps(files, `/proc/${taskOf(pid)}`),
      ({ uidMap, gidMap }) => uidMap.ok && gidMap.ok,
    ),
    parseLimits: once(parseLimits),
    splitOptions: split,
  };
}

/** `look`, whose answer is kept for all that have the same key if it is `whole`. */
function shared<P, A>(
  keyOf: (process: P) => number | undefined,
  look: (process: P) => A,
  whole: (answer: A) => boolean,
): (process: P) => A {
  const known = new Map<number, A>();
  return (process) => {
    const key = keyOf(process);
    const before = key === undefined ? undefined : known.get(key);
    if (before !== undefined) return before;
    const answer = look(process);
    if (key !== undefined && whole(answer)) known.set(key, answer);
    return answer;
  };
}

function readIdMaps(files: HostFiles, base: string): IdMaps {
  const read = (path: string): Reading<IdRange[]> => attempt(path, () => parseIdMap(files.readShort(path)));
  return { uidMap: read(`${base}/uid_map`), gidMap: read(`${base}/gid_map`) };
}

/** Mounts of the host: those of pid 1, or our own where pid 1 may not be looked at. */
export function hostMounts(files: HostFiles, split = splitOptions): MountLine[] {
  for (const pid of ["1", "self"]) {
    const text = attempt(pid, () => files.read(`/proc/${pid}/mountinfo`, 16 << 20));
    if (text.ok && text.value !== "") return parseMountinfo(text.value, split);
  }
  return [];
}
