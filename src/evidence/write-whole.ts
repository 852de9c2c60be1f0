import * as fs from "node:fs";
import { randomBytes } from "node:crypto";
import { UserError } from "#model/problem.ts";

/**
 * Writes a file so that it appears whole or not at all: into a new file beside it, which then takes its name.
 * What is there and is no plain file (a device, a pipe) is written into, and a link is followed: neither is
 * ever replaced.
 *
 * @param mode permission bits of a new file
 * @throws UserError that says what stood in the way
 */
export function writeWhole(path: string, content: string | Uint8Array, mode = 0o644): void {
  try {
    const there = fs.statSync(path, { throwIfNoEntry: false });
    if (there !== undefined && !there.isFile() && !there.isDirectory()) fs.writeFileSync(path, content);
    else replace(there === undefined ? path : fs.realpathSync(path), content, { mode, there });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`${path}: cannot be written: ${REASONS[code ?? ""] ?? message}`);
  }
}

const REASONS: Record<string, string> = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "is a folder",
  ENOSPC: "the disk is full",
  EROFS: "the file system is read-only",
};

function replace(
  path: string,
  content: string | Uint8Array,
  { mode, there }: { mode: number; there: fs.Stats | undefined },
): void {
  const draft = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const fd = fs.openSync(draft, "wx", mode);
    try {
      if (there !== undefined) keepOwner(fd, there);
      fs.writeFileSync(fd, content);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(draft, path);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  }
}

// root who mends a user's file must not take it away from him.
function keepOwner(fd: number, { mode, uid, gid }: fs.Stats): void {
  try {
    fs.fchownSync(fd, uid, gid);
  } catch {
    // Not root: the file was his own already, or he may write it through its group.
  }
  fs.fchmodSync(fd, mode & 0o7777);
}
