import type { Namespaces, NamespaceType } from "#model/evidence/process.ts";
import { attempt, type HostFiles } from "../filesystem.ts";
import { collectNamespaces, parseStat } from "../kernel/process.ts";

/**
 * Inodes of the namespaces that the kernel starts with (include/linux/proc_ns.h); they are the same on every
 * kernel. Those of mnt and net differ between kernels.
 */
const INITIAL: readonly (readonly [NamespaceType, number])[] = [
  ["ipc", 4026531839],
  ["uts", 4026531838],
  ["user", 4026531837],
  ["pid", 4026531836],
  ["cgroup", 4026531835],
  ["time", 4026531834],
];

/** The host's namespaces, and how this process stands to them. */
export interface HostView {
  /** Types that could not be found out are absent. */
  namespaces: Namespaces;
  /** Namespaces of this process. */
  own: Namespaces;
  /** Pid under which /proc shows the host's network and mounts; null = they cannot be seen from here. */
  pid: 1 | "self" | null;
}

/**
 * Finds the host's namespaces without trusting that we are in them: from the host's first process, where that
 * may be looked at; else from ourselves, where every type with a known inode has it; else those inodes, with
 * mnt and net of a daemon that is in the initial ones otherwise.
 *
 * @param daemons namespaces of the engines' daemons
 */
export function findHostNamespaces(files: HostFiles, daemons: readonly Namespaces[]): HostView {
  const own = collectNamespaces(files, "self");
  const init = collectNamespaces(files, 1);
  // In a system container (LXC) pid 1 is not the machine's, but the one that the engine's host has.
  const sharesInit = daemons.some(({ pid, user }) => pid === init.pid && user === init.user);
  if (init.pid !== undefined && (isInitial(init) || sharesInit)) {
    return { namespaces: init, own, pid: 1 };
  }
  const isHost = showsInitialProcesses(files) || own.pid === INITIAL_PID;
  const pid = isHost ? 1 : null;
  if (isInitial(own)) {
    const { mnt, net, ...known } = own;
    const namespaces: Namespaces = { ...known };
    if (mnt !== undefined && sameMounts(files)) namespaces.mnt = mnt;
    if (net !== undefined && sameNetwork(files)) namespaces.net = net;
    return { namespaces, own, pid: pid ?? "self" };
  }
  const namespaces: Namespaces = {};
  for (const [type, inode] of INITIAL) if (own[type] !== undefined) namespaces[type] = inode;
  const daemon = daemons.find((candidate) => candidate.pid !== undefined && isInitial(candidate));
  if (daemon?.mnt !== undefined) namespaces.mnt = daemon.mnt;
  if (daemon?.net !== undefined) namespaces.net = daemon.net;
  return { namespaces, own, pid };
}

const INITIAL_PID = 4026531836;

function isInitial(namespaces: Namespaces): boolean {
  return INITIAL.every(([type, inode]) => namespaces[type] === undefined || namespaces[type] === inode);
}

// Kernel threads live in the initial pid namespace only, and their flag cannot be forged: pid 2 is kthreadd
// there, and some program or nothing in every other.
function showsInitialProcesses(files: HostFiles): boolean {
  const stat = attempt("kthreadd", () => parseStat(files.readShort("/proc/2/stat")));
  return stat.ok && stat.value?.kernelThread === true;
}

// Ids of mounts are unique over all mount namespaces, so two processes that show the same root mount share one.
function sameMounts(files: HostFiles): boolean {
  const [init, own] = ["1", "self"].map((pid) =>
    attempt(pid, () => /^(\d+) \d+ \S+ \S+ \/ /m.exec(files.read(`/proc/${pid}/mountinfo`, 16 << 20))?.[1]),
  );
  return !init?.ok || !own?.ok || init.value === own.value;
}

// Every network namespace has its own /proc/net, and so its own inodes in it.
function sameNetwork(files: HostFiles): boolean {
  const [init, own] = ["1", "self"].map((pid) => attempt(pid, () => files.stat(`/proc/${pid}/net/unix`).ino));
  return !init?.ok || !own?.ok || init.value === own.value;
}
