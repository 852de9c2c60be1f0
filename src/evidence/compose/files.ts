import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { resolve, sep } from "node:path";

/** Reads a text file that a Compose file names; null = there is none, or it must not be read. */
export type ReadFile = (path: string) => string | null;

/** Largest file that is read: what Compose files name is small. */
const MAX_BYTES = 512 << 10;

/**
 * A reader for files below `root` only, links followed: a Compose file is somebody else's, and must not make
 * us open what lies elsewhere. Whatever cannot be read, is no plain file or too large reads as null.
 */
export function projectReader(root: string): ReadFile {
  const top = realOf(root);
  return (path) => {
    if (top === null || path.includes("\0")) return null;
    const real = realOf(path);
    if (real === null || !(real === top || real.startsWith(top.endsWith(sep) ? top : top + sep))) return null;
    return readPlain(real);
  };
}

function readPlain(path: string): string | null {
  let file: number | null = null;
  try {
    // Without O_NONBLOCK, opening a pipe waits for somebody at its other end.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > MAX_BYTES) return null;
    return readFileSync(file, "utf8");
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

function realOf(path: string): string | null {
  try {
    return realpathSync(resolve(path));
  } catch {
    return null;
  }
}
