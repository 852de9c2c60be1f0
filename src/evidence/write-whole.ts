import * as fs from "node:fs";
import { randomBytes } from "node:crypto";
import { UserError } from "#model/problem.ts";

/**
 * Writes a file so that it appears whole or not at all: into a new file beside it, which then takes its name.
 *
 * @param mode permission bits of the new file
 * @throws UserError that says what stood in the way
 */
export function writeWhole(path: string, content: string, mode = 0o644): void {
  const draft = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const fd = fs.openSync(draft, "wx", mode);
    try {
      fs.writeFileSync(fd, content);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(draft, path);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      {
        ENOENT: "its folder does not exist",
        EACCES: "permission denied",
        EISDIR: "is a folder",
        ENOSPC: "the disk is full",
        EROFS: "the file system is read-only",
      }[code ?? ""] ?? message;
    throw new UserError(`${path}: cannot be written: ${why}`);
  }
}
