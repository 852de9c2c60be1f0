import type {
  IdRange,
  Namespaces,
  NamespaceType,
  ProcessEvidence,
  ResourceLimit,
} from "#model/evidence/process.ts";
import { attempt, type HostFiles } from "../filesystem.ts";
import { decisivePath, parseCgroup } from "./cgroup.ts";
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

/** The number in `mnt:[4026531840]` or `socket:[6259]`. */
export function inodeOfLink(link: string): number | null {
  const match = /^\w+:\[(\d+)\]$/.exec(link);
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
  parent: number;
  comm: string;
  /** Decisive cgroup path, null where unreadable. */
  cgroupPath: string | null;
  cgroups: Map<string, string>;
}

/** One pass over /proc. Kernel threads and processes that end meanwhile are left out. */
export function sketchProcesses(files: HostFiles): ProcessSketch[] {
  const sketches: ProcessSketch[] = [];
  for (const entry of files.list("/proc")) {
    const first = entry.charCodeAt(0);
    if (first < 48 || first > 57) continue;
    try {
      const stat = parseStat(files.read(`/proc/${entry}/stat`));
      if (stat === null || stat.kernelThread) continue;
      const cgroups = parseCgroup(files.read(`/proc/${entry}/cgroup`));
      sketches.push({
        pid: Number(entry),
        parent: stat.parent,
        comm: stat.comm,
        cgroups,
        cgroupPath: decisivePath(cgroups),
      });
    } catch {
      // It has ended since the listing.
    }
  }
  return sketches;
}

const PF_KTHREAD = 0x0020_0000; // include/linux/sched.h

/** Reads `/proc/PID/stat`, see proc_pid_stat(5); the name may hold blanks and parentheses. */
export function parseStat(
  text: string,
): { comm: string; parent: number; kernelThread: boolean; startTicks: number } | null {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 0 || close < open) return null;
  const fields = text.slice(close + 2).split(" ");
  const parent = Number(fields[1]);
  const flags = Number(fields[6]);
  const startTicks = Number(fields[19]);
  if (![parent, flags, startTicks].every(Number.isInteger)) return null;
  return {
    comm: text.slice(open + 1, close),
    parent,
    kernelThread: (flags & PF_KTHREAD) !== 0,
    startTicks,
  };
}

/** Everything that rules want to know of one process; null if it ended before it could be read. */
export function collectProcess(
  files: HostFiles,
  sketch: Pick<ProcessSketch, "pid" | "cgroupPath">,
  inCgroup: boolean,
  mountIds: ReadonlySet<number> | null,
): ProcessEvidence | null {
  const base = `/proc/${sketch.pid}`;
  const text = attempt(base, () => files.read(`${base}/status`));
  const status = text.ok ? parseStatus(text.value) : null;
  if (status === null) return null;
  const executable = attempt(base, () => files.readlink(`${base}/exe`));
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
    namespaces: collectNamespaces(files, sketch.pid),
    inCgroup,
    cgroupPath: sketch.cgroupPath,
    outside: mountIds === null ? [] : outsideFiles(files, base, mountIds),
  };
}

// AppArmor has a folder of its own since kernel 5.8; attr/current belongs to the first module that claims it.
function lsmLabel(files: HostFiles, base: string): string | null {
  for (const file of ["attr/apparmor/current", "attr/current"]) {
    try {
      // SELinux ends the label with a NUL.
      const label = files.read(`${base}/${file}`).replaceAll("\0", "").trim();
      return label === "" ? null : label;
    } catch {
      // No such module: EINVAL or ENOENT.
    }
  }
  return null;
}

/**
 * Folders that a process holds open, or works in, though they lie outside its mount namespace: the way out
 * that CVE-2024-21626 used. `mnt_id` of fdinfo (proc_pid_fdinfo(5)) names the mount of each open file.
 */
function outsideFiles(files: HostFiles, base: string, mountIds: ReadonlySet<number>): string[] {
  const outside: string[] = [];
  const descriptors = attempt(base, () => files.list(`${base}/fd`));
  for (const fd of descriptors.ok ? descriptors.value : []) {
    try {
      const target = files.readlink(`${base}/fd/${fd}`);
      if (!target.startsWith("/") || target.startsWith("/memfd:") || target.startsWith("/dev/")) continue;
      const mount = /^mnt_id:\s*(\d+)/m.exec(files.read(`${base}/fdinfo/${fd}`));
      if (mount === null || mountIds.has(Number(mount[1]))) continue;
      if (files.stat(`${base}/fd/${fd}`).isDirectory()) outside.push(`fd ${fd} -> ${target}`);
    } catch {
      // Closed meanwhile.
    }
  }
  const cwd = outsideCwd(files, base);
  if (cwd !== null) outside.push(`cwd -> ${cwd}`);
  return outside;
}

// fdinfo has no counterpart for the working directory: it is outside if its path, looked up from the root of
// the process, is not that same folder.
function outsideCwd(files: HostFiles, base: string): string | null {
  try {
    const target = files.readlink(`${base}/cwd`);
    if (target.endsWith(" (deleted)")) return null;
    const cwd = files.stat(`${base}/cwd`);
    try {
      const inside = files.stat(`${base}/root${target}`);
      return inside.ino === cwd.ino && inside.dev === cwd.dev ? null : target;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ENOENT" ? target : null;
    }
  } catch {
    return null; // Ended, or not ours to look at.
  }
}
