import type {
  IdRange,
  Namespaces,
  NamespaceType,
  ProcessEvidence,
  ResourceLimit,
} from "#model/evidence/process.ts";
import { attempt, type HostFiles } from "../filesystem.ts";
import { decisivePath, parseCgroup } from "./cgroup.ts";
import { mountIdOf, parseMountId } from "./mount-id.ts";
import { once } from "./once.ts";
import { parseStatus } from "./status.ts";

const TYPES: readonly NamespaceType[] = ["mnt", "pid", "net", "ipc", "uts", "user", "cgroup", "time"];

/** Inodes of the namespaces of a process; types that cannot be read are left out. */
export function collectNamespaces(files: HostFiles, pid: number | "self"): Namespaces {
  const namespaces: Namespaces = {};
  for (const type of TYPES) {
    try {
      const inode = inodeOfLink(files.readlink(`/proc/${pid}/ns/${type}`));
      if (inode !== null) namespaces[type] = inode;
    } catch {
      // The kernel lacks the type, the process has ended, or ptrace access is denied: stays absent.
    }
  }
  return namespaces;
}

const INODE_LINK = /^\w+:\[(\d+)\]$/;

/** The number in `mnt:[4026531840]` or `socket:[6259]`. */
export function inodeOfLink(link: string): number | null {
  const match = INODE_LINK.exec(link);
  return match === null ? null : Number(match[1]);
}

/** Reads uid_map and gid_map, see user_namespaces(7). */
export function parseIdMap(text: string): IdRange[] {
  const ranges: IdRange[] = [];
  for (const line of text.split("\n")) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(line);
    if (match === null) continue;
    const [inside, outside, count] = match.slice(1).map(Number) as [number, number, number];
    ranges.push({ inside, outside, count });
  }
  return ranges;
}

/** Reads `/proc/PID/limits`, see proc_pid_limits(5). Names are those of the first column. */
export function parseLimits(text: string): Record<string, ResourceLimit> {
  const limits: Record<string, ResourceLimit> = {};
  const amount = (value: string): number | null => (value === "unlimited" ? null : Number(value));
  for (const line of text.split("\n").slice(1)) {
    const match = /^(Max .+?)\s{2,}(\d+|unlimited)\s+(\d+|unlimited)/.exec(line);
    if (match === null) continue;
    const [, name, soft, hard] = match as unknown as [string, string, string, string];
    limits[name] = { soft: amount(soft), hard: amount(hard) };
  }
  return limits;
}

/** What the first pass over /proc keeps of each process: enough to sort it into containers. */
export interface ProcessSketch {
  pid: number;
  /**
   * The thread below whose number the kernel still tells of the process: `pid`, unless its first thread has ended
   * before the others. That one keeps neither cgroup nor namespaces, and would hide all the rest.
   */
  task: number;
  parent: number;
  comm: string;
  /** Decisive cgroup path, null where unreadable. */
  cgroupPath: string | null;
  cgroups: Map<string, string>;
}

/** One pass over /proc. Kernel threads and processes that have ended (zombies too) are left out. */
export function sketchProcesses(files: HostFiles): ProcessSketch[] {
  const sketches: ProcessSketch[] = [];
  // The processes of a container have the same text.
  const cgroupsOf = once((text) => {
    const cgroups = parseCgroup(text);
    return { cgroups, cgroupPath: decisivePath(cgroups) };
  });
  for (const entry of files.list("/proc")) {
    const first = entry.charCodeAt(0);
    if (first < 48 || first > 57) continue;
    try {
      const stat = parseStat(files.readShort(`/proc/${entry}/stat`));
      if (stat === null || stat.kernelThread) continue;
      const task = liveTask(files, Number(entry), stat);
      if (task === null) continue;
      sketches.push({
        pid: Number(entry),
        task,
        parent: stat.parent,
        comm: stat.comm,
        ...cgroupsOf(files.readShort(`/proc/${task}/cgroup`)),
      });
    } catch {
      // It has ended since the listing.
    }
  }
  return sketches;
}

const MAX_THREADS_TRIED = 1000;

// A zombie has left its cgroup and its namespaces but that of pids: it would look like somebody from outside.
function liveTask(files: HostFiles, pid: number, first: { ended: boolean; threads: number }): number | null {
  if (!first.ended) return pid;
  if (first.threads < 2) return null;
  for (const task of files.list(`/proc/${pid}/task`).slice(0, MAX_THREADS_TRIED)) {
    const text = attempt(task, () => files.readShort(`/proc/${pid}/task/${task}/stat`));
    const stat = text.ok ? parseStat(text.value) : null;
    if (stat?.ended === false) return Number(task);
  }
  return null;
}

const PF_KTHREAD = 0x0020_0000; // include/linux/sched.h

/** Reads `/proc/PID/stat`, see proc_pid_stat(5); the name may hold blanks and parentheses. */
export function parseStat(text: string): {
  comm: string;
  parent: number;
  kernelThread: boolean;
  startTicks: number;
  /** True for a zombie, or a thread that is being removed. */
  ended: boolean;
  threads: number;
} | null {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 0 || close < open) return null;
  const fields = text.slice(close + 2).split(" ", 20);
  const parent = Number(fields[1]);
  const flags = Number(fields[6]);
  const threads = Number(fields[17]);
  const startTicks = Number(fields[19]);
  if (![parent, flags, threads, startTicks].every(Number.isInteger)) return null;
  return {
    comm: text.slice(open + 1, close),
    parent,
    kernelThread: (flags & PF_KTHREAD) !== 0,
    startTicks,
    ended: "ZXx".includes(fields[0] || " "),
    threads,
  };
}

/** What open files are compared with. */
export interface OpenFileSearch {
  mountNamespace: number | undefined;
  /** Every mount of that namespace. */
  mountIds: ReadonlySet<number>;
  /** How many descriptors may still be looked at: a container can hold millions of them. */
  left: number;
}

/**
 * Everything that rules want to know of one process; null if it ended before it could be read.
 *
 * @param search null = do not look at its open files
 */
export function collectProcess(
  files: HostFiles,
  sketch: Pick<ProcessSketch, "pid" | "task" | "cgroupPath">,
  inCgroup: boolean,
  search: OpenFileSearch | null,
  namespacesOf: (pid: number) => Namespaces = () => collectNamespaces(files, sketch.task),
): ProcessEvidence | null {
  const base = `/proc/${sketch.task}`;
  const text = attempt(base, () => files.readShort(`${base}/status`));
  const status = text.ok ? parseStatus(text.value) : null;
  if (status === null) return null;
  const executable = attempt(base, () => files.readlink(`${base}/exe`));
  const namespaces = namespacesOf(sketch.pid);
  return {
    pid: sketch.pid,
    innerPid: status.innerPid,
    parent: status.parent,
    comm: status.name,
    executable: executable.ok ? executable.value : null,
    uids: status.uids,
    gids: status.gids,
    groups: status.groups,
    capabilities: status.capabilities,
    noNewPrivs: status.noNewPrivs,
    seccomp: status.seccomp,
    seccompFilters: status.seccompFilters,
    lsmLabel: lsmLabel(files, base),
    namespaces,
    inCgroup,
    cgroupPath: sketch.cgroupPath,
    // In a mount namespace of its own it has other mounts.
    outside:
      search === null || search.mountNamespace !== namespaces.mnt ? [] : outsideFiles(files, base, search),
  };
}

const APPARMOR = "attr/apparmor/current";
const FIRST_MODULE = "attr/current";
// What a kernel has no module for. The same for all its processes, and each error costs.
const lacking = new WeakMap<HostFiles, Set<string>>();

// AppArmor has a folder of its own since kernel 5.8; attr/current belongs to the first module that claims it.
function lsmLabel(files: HostFiles, base: string): string | null {
  const lacks = lacking.get(files) ?? new Set();
  lacking.set(files, lacks);
  for (const file of [APPARMOR, FIRST_MODULE]) {
    if (lacks.has(file)) continue;
    try {
      // SELinux ends the label with a NUL.
      const label = files.readShort(`${base}/${file}`).replaceAll("\0", "").trim();
      if (file === FIRST_MODULE) lacks.add(APPARMOR);
      return label === "" ? null : label;
    } catch (error) {
      // No such module: ENOENT, but so says a process that has ended; or EINVAL, which nothing else says.
      if ((error as NodeJS.ErrnoException).code === "EINVAL") lacks.add(APPARMOR).add(file);
    }
  }
  return null;
}

/**
 * Folders that a process holds open, or works in, though they lie outside its mount namespace: the way out
 * that CVE-2024-21626 used. `mnt_id` of fdinfo (proc_pid_fdinfo(5)) names the mount of each open file.
 */
function outsideFiles(files: HostFiles, base: string, search: OpenFileSearch): string[] {
  const { mountIds } = search;
  const outside: string[] = [];
  const descriptors = attempt(base, () => files.list(`${base}/fd`));
  for (const fd of descriptors.ok ? descriptors.value : []) {
    if (search.left <= 0) break;
    search.left -= 1;
    try {
      const target = files.readlink(`${base}/fd/${fd}`);
      if (!target.startsWith("/") || target.startsWith("/memfd:") || target.startsWith("/dev/")) continue;
      const mount = parseMountId(files.read(`${base}/fdinfo/${fd}`));
      if (mount === null || mountIds.has(mount)) continue;
      if (files.stat(`${base}/fd/${fd}`).isDirectory()) outside.push(`fd ${fd} -> ${target}`);
    } catch {
      // Closed meanwhile.
    }
  }
  const cwd = outsideCwd(files, base, mountIds);
  if (cwd !== null) outside.push(`cwd -> ${cwd}`);
  return outside;
}

// By the mount and not by the path: its folder may be hidden below a later mount, or above a changed root.
function outsideCwd(files: HostFiles, base: string, mountIds: ReadonlySet<number>): string | null {
  try {
    return mountIds.has(mountIdOf(files, `${base}/cwd`)) ? null : files.readlink(`${base}/cwd`);
  } catch {
    return null; // Ended, or not ours to look at.
  }
}
