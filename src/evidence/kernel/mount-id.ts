import * as fs from "node:fs";
import type { HostFiles } from "../filesystem.ts";

const O_PATH = 0x20_0000; // include/uapi/asm-generic/fcntl.h; node:fs has no name for it

/**
 * The mount that `path` lies on, by its number in mountinfo. The file itself is not opened (open(2), O_PATH), so
 * that no file system can hold us. Throws what node:fs throws.
 */
export function mountIdOf(files: HostFiles, path: string): number {
  const fd = fs.openSync(files.local(path), O_PATH);
  try {
    // Our own descriptor, in our own /proc: a mount has one number in the whole kernel.
    const id = parseMountId(fs.readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"));
    if (id === null) throw new Error(`the kernel does not tell the mount of ${path}`);
    return id;
  } finally {
    fs.closeSync(fd);
  }
}

const MOUNT_ID = /^mnt_id:\s*(\d+)/m;

/** The number of the mount in the text of an fdinfo file, see proc_pid_fdinfo(5); null = it does not stand there. */
export function parseMountId(fdinfo: string): number | null {
  const match = MOUNT_ID.exec(fdinfo);
  return match === null ? null : Number(match[1]);
}
