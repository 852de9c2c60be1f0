import * as fs from "node:fs";
import { UserError } from "#model/problem.ts";

const REASONS: Record<string, string> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "is a folder, not a file",
  ELOOP: "too many symbolic links",
};

/**
 * Whole text of a file of the user, at most `limit` bytes.
 *
 * @param name the file as the user names it, for messages
 * @throws UserError in words if there is no such file, it is no plain file, too large, or not UTF-8
 */
export function readText(path: string, name: string, limit: number): string {
  let bytes: Buffer;
  try {
    // O_NONBLOCK: a fifo that lies in the place of the file must not hold us.
    const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    try {
      const stat = fs.fstatSync(fd);
      if (stat.isDirectory()) throw new UserError(`${name}: ${REASONS["EISDIR"]}`);
      if (!stat.isFile()) throw new UserError(`${name}: is not a plain file`);
      if (stat.size > limit) {
        throw new UserError(`${name}: is larger than ${limit >> 20} MiB`);
      }
      bytes = fs.readFileSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new UserError(`${name}: ${REASONS[code] ?? message}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${name}: is not UTF-8 text`);
  }
}
