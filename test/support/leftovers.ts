import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Names the folder in the environment of everything that runs for it, so that it can be found and ended. */
export const MARK = "SW_TEST_FOLDER";

/** What the folders of private hosts are called, in the temporary directory. */
export const FOLDER_PREFIX = "sw-";

/** File of the folder that names the process that made it, and the host. */
export const OWNER_FILE = "owner";

const CGROUP_ROOT = "/sys/fs/cgroup";

/** Kills everything that runs for the folder, and removes its control groups and the folder itself. */
export function erase(folder: string, name: string): void {
  for (let round = 0; round < 100; round += 1) {
    const left = processesOf(folder, name);
    if (left.length === 0) break;
    for (const pid of left) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
    sleep(100);
  }
  for (const hierarchy of ["", ...list(CGROUP_ROOT)]) {
    removeGroups(join(CGROUP_ROOT, hierarchy, `sw-${name}`));
  }
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Everything that runs for the folder: marked, in a mount namespace of a marked one, in the control group, or
 * started by one of these.
 */
function processesOf(folder: string, name: string): number[] {
  const pids = list("/proc").filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid);
  const marked = pids.filter((pid) =>
    readText(`/proc/${pid}/environ`).split("\0").includes(`${MARK}=${folder}`),
  );
  const own = namespaceOf(process.pid);
  const namespaces = new Set(marked.map((pid) => namespaceOf(Number(pid))));
  const ours = new Set(
    pids.filter((pid) => {
      if (marked.includes(pid)) return true;
      const namespace = namespaceOf(Number(pid));
      if (namespace !== "" && namespace !== own && namespaces.has(namespace)) return true;
      return readText(`/proc/${pid}/cgroup`).includes(`:/sw-${name}/`);
    }),
  );
  for (let size = 0; size !== ours.size;) {
    size = ours.size;
    for (const pid of pids) if (ours.has(stateOf(pid).parent)) ours.add(pid);
  }
  return [...ours].map(Number).filter(isRunning);
}

/** False for a process that has ended, also if nobody has asked for its end yet. */
export function isRunning(pid: number): boolean {
  return !["", "Z", "X"].includes(stateOf(String(pid)).state);
}

function stateOf(pid: string): { state: string; parent: string } {
  const stat = readText(`/proc/${pid}/stat`);
  // The name before the last bracket may hold anything (proc_pid_stat(5)).
  const [state = "", parent = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state, parent };
}

/** The mount namespace of a process, empty if it cannot be read. */
export function namespaceOf(pid: number): string {
  try {
    return fs.readlinkSync(`/proc/${pid}/ns/mnt`);
  } catch {
    return "";
  }
}

function removeGroups(folder: string): void {
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroups(join(folder, entry.name));
  }
  // A group stays busy for a moment after its last process.
  for (let round = 0; round < 20; round += 1) {
    try {
      fs.rmdirSync(folder);
      return;
    } catch {
      sleep(50);
    }
  }
}

/** Removes what test runs left that were killed. */
export function sweep(): void {
  for (const entry of list(tmpdir()).filter((name) => name.startsWith(FOLDER_PREFIX))) {
    const folder = join(tmpdir(), entry);
    const match = /^(\d+) ([\w-]+)$/.exec(readText(join(folder, OWNER_FILE)));
    const [, pid, name] = match ?? [];
    if (pid !== undefined && name !== undefined && !fs.existsSync(`/proc/${pid}`)) erase(folder, name);
  }
}

function list(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return fs.readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Cleaning up at the end of the process cannot wait in any other way. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
