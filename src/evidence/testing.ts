import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { hostFiles, type HostFiles } from "./filesystem.ts";

/** What lies at a path of a made-up host: text or bytes of a file, a link, or an empty folder. */
export type Entry = string | Buffer | { link: string } | { folder: true };

/** A host of files in a folder of its own, for the tests of collectors. */
export interface TestHost {
  root: string;
  files: HostFiles;
  /** Adds or replaces entries. */
  write(entries: Record<string, Entry>): void;
  remove(): void;
}

/** Writes `entries` below a new folder and opens it as the root of a host. */
export function testHost(entries: Record<string, Entry> = {}): TestHost {
  const root = fs.mkdtempSync(join(tmpdir(), "seaworthy-host-"));
  const write = (more: Record<string, Entry>): void => {
    for (const [path, entry] of Object.entries(more)) {
      const real = join(root, path);
      fs.mkdirSync(dirname(real), { recursive: true });
      if (typeof entry === "string" || Buffer.isBuffer(entry)) fs.writeFileSync(real, entry);
      else if ("link" in entry) fs.symlinkSync(entry.link, real);
      else fs.mkdirSync(real, { recursive: true });
    }
  };
  write(entries);
  return { root, files: hostFiles({ root }), write, remove: () => fs.rmSync(root, { recursive: true }) };
}

/** A line of `/proc/PID/stat` as the kernel writes it. */
export function statLine(pid: number, comm: string, parent: number, kernelThread = false): string {
  const flags = kernelThread ? 0x0020_8040 : 0x0040_0100;
  return `${pid} (${comm}) S ${parent} ${pid} ${pid} 0 -1 ${flags} 10 0 0 0 1 2 0 0 20 0 1 0 5000 1000000 100 18446744073709551615\n`;
}

/** The text of `/proc/PID/status` of a root process with every capability. */
export function statusText(pid: number, comm: string, parent: number): string {
  return [
    `Name:\t${comm}`,
    "Umask:\t0022",
    "State:\tS (sleeping)",
    `Tgid:\t${pid}`,
    `Pid:\t${pid}`,
    `PPid:\t${parent}`,
    "Uid:\t0\t0\t0\t0",
    "Gid:\t0\t0\t0\t0",
    "Groups:\t",
    `NSpid:\t${pid}`,
    "CapInh:\t0000000000000000",
    "CapPrm:\t000001ffffffffff",
    "CapEff:\t000001ffffffffff",
    "CapBnd:\t000001ffffffffff",
    "CapAmb:\t0000000000000000",
    "NoNewPrivs:\t0",
    "Seccomp:\t0",
    "Seccomp_filters:\t0",
    "",
  ].join("\n");
}

/** The entries that a process has in /proc. */
export function processEntries(
  pid: number,
  comm: string,
  more: { parent?: number; cgroup?: string; argv?: string[]; exe?: string; ns?: Record<string, number> } = {},
): Record<string, Entry> {
  const { parent = 1, cgroup = "0::/\n", argv = [comm], exe = `/usr/bin/${comm}`, ns = {} } = more;
  const base = `/proc/${pid}`;
  return {
    [`${base}/stat`]: statLine(pid, comm, parent),
    [`${base}/status`]: statusText(pid, comm, parent),
    [`${base}/cgroup`]: cgroup,
    [`${base}/cmdline`]: argv.map((argument) => `${argument}\0`).join(""),
    [`${base}/exe`]: { link: exe },
    ...Object.fromEntries(
      Object.entries(ns).map(([type, inode]) => [`${base}/ns/${type}`, { link: `${type}:[${inode}]` }]),
    ),
  };
}

/** Inodes of the namespaces that Linux 6.18 starts with. */
export const INITIAL_NAMESPACES = {
  mnt: 4026531832,
  pid: 4026531836,
  net: 4026531833,
  ipc: 4026531839,
  uts: 4026531838,
  user: 4026531837,
  cgroup: 4026531835,
  time: 4026531834,
};
