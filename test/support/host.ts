import * as fs from "node:fs";
import { join } from "node:path";

/** Is the security module active on this host? Engines accept its options also where it is not. */
export function hasSecurityModule(name: "apparmor" | "selinux"): boolean {
  try {
    if (fs.readFileSync("/sys/kernel/security/lsm", "utf8").split(",").includes(name)) return true;
  } catch {
    // securityfs is not mounted: the modules' own files tell.
  }
  const sign = {
    apparmor: "/sys/module/apparmor/parameters/enabled",
    selinux: "/sys/fs/selinux/enforce",
  };
  try {
    return /^[Y1]/.test(fs.readFileSync(sign[name], "utf8"));
  } catch {
    return false;
  }
}

/** True on hosts whose controllers are in cgroup v1. */
export function isCgroupV1(): boolean {
  return fs.existsSync("/sys/fs/cgroup/memory");
}

/** The files of a process's control groups in each hierarchy, by controller; `""` is that of v2. */
export function cgroupFolders(pid: number | "self"): Map<string, string> {
  const folders = new Map<string, string>();
  for (const line of fs.readFileSync(`/proc/${pid}/cgroup`, "utf8").trim().split("\n")) {
    const [, controllers = "", ...path] = line.split(":");
    const mount =
      controllers === ""
        ? ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"].find((folder) =>
            fs.existsSync(join(folder, "cgroup.procs")),
          )
        : `/sys/fs/cgroup/${controllers.replace(/^name=/, "")}`;
    if (mount !== undefined) folders.set(controllers, join(mount, path.join(":")));
  }
  return folders;
}

/** Writes a memory limit into a control group, past the engine. */
export function writeMemoryLimit(group: string, bytes: number): void {
  const file = isCgroupV1() ? "memory.limit_in_bytes" : "memory.max";
  fs.writeFileSync(join(group, file), String(bytes));
}

/** Does something listen on this TCP port in the network namespace of the process? */
export function listensOn(pid: number, port: number): boolean {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return ["tcp", "tcp6"].some((table) => {
    try {
      const text = fs.readFileSync(`/proc/${pid}/net/${table}`, "utf8");
      return new RegExp(`^\\s*\\d+: [0-9A-F]+:${wanted} [0-9A-F]+:0000 0A `, "m").test(text);
    } catch {
      return false;
    }
  });
}

/** Does the process run this program now? */
export function runsProgram(pid: number, path: string): boolean {
  try {
    return fs.readlinkSync(`/proc/${pid}/exe`) === path;
  } catch {
    return false;
  }
}

/** Effective user id of a process on this host; -1 if it has ended. */
export function uidOf(pid: number): number {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1] ?? -1);
  } catch {
    return -1;
  }
}
