import { attempt, fileStat, type HostFiles } from "../filesystem.ts";
import type { HostSocket } from "./container.ts";
import { below, type MountLine } from "./mountinfo.ts";

interface ReachedSocket {
  path: string;
  hostPath: string;
  stat: ReturnType<typeof fileStat> | null;
}

/** More say nothing new; a container may show one folder through thousands of mounts. */
const MAX_SOCKETS = 100;

/**
 * Sockets of `sockets` that a bind mount of `mounts` shows, proven by the inode and not by the name.
 *
 * @param base folder in /proc of a process that sees all these mounts
 * @param tables mounts of the host and of others outside, by device, in whose view the sockets have their paths
 */
export function reachableSockets(
  files: HostFiles,
  base: string,
  mounts: readonly MountLine[],
  tables: readonly MountTable[],
  sockets: readonly HostSocket[],
): ReachedSocket[] {
  const found = new Map<string, ReachedSocket>();
  const places = sockets.flatMap((socket) =>
    tables.flatMap((table) => {
      const place = placeOf(socket.path, table);
      return place === null ? [] : [{ socket, ...place }];
    }),
  );
  for (const mount of mounts) {
    for (const { socket, device, root } of places) {
      const rest = device === mount.device ? below(root, mount.root) : null;
      if (rest === null) continue;
      const path = mount.target === "/" ? rest : mount.target + rest;
      if (found.has(path) || !isSocket(files, `${base}/root${path}`, socket)) continue;
      const stat = attempt(path, () => ({ ...fileStat(files, `${base}/root${path}`), path }));
      found.set(path, { path, hostPath: socket.path, stat: stat.ok ? stat.value : null });
      if (found.size >= MAX_SOCKETS) return [...found.values()];
    }
  }
  return [...found.values()];
}

type MountTable = ReadonlyMap<string, readonly MountLine[]>;
type Place = { device: string; root: string } | null;

// The same sockets and tables for every container.
const knownPlaces = new WeakMap<MountTable, Map<string, Place>>();

/** The file system that `path` lies in, and where in it: the same through every mount, whatever its name. */
function placeOf(path: string, table: MountTable): Place {
  const known = knownPlaces.get(table) ?? new Map<string, Place>();
  knownPlaces.set(table, known);
  let place = known.get(path);
  if (place === undefined) known.set(path, (place = findPlace(path, table)));
  return place;
}

function findPlace(path: string, table: MountTable): Place {
  let best: MountLine | null = null;
  for (const mount of [...table.values()].flat()) {
    const deeper = best === null || mount.target.length > best.target.length;
    // Of two at one place the later one lies on top.
    const onTop = best !== null && mount.target === best.target && mount.id > best.id;
    if (below(path, mount.target) !== null && (deeper || onTop)) best = mount;
  }
  if (best === null) return null;
  const rest = below(path, best.target) ?? "";
  return { device: best.device, root: best.root === "/" ? rest || "/" : best.root + rest };
}

/** False if something lies over it. Who may not look into the container has only the mount to go by. */
function isSocket(files: HostFiles, path: string, { identity }: HostSocket): boolean {
  try {
    const { dev, ino } = files.stat(path);
    return `${dev}:${ino}` === identity;
  } catch (error) {
    return ["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "");
  }
}
