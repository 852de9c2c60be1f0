import * as fs from "node:fs";
import { join, resolve, sep } from "node:path";
import type { BuildContext } from "#model/evidence/dockerfile.ts";
import { contextPath, ignoreMatcher, readIgnoreFile } from "./ignore-file.ts";

const MOST_BYTES = 1 << 20;
const MOST_LOOKS = 10_000;
const MOST_LINKS = 40; // as the kernel, path_resolution(7)

/**
 * Looks at a build context. The ignore file is the one beside the Dockerfile that bears its name
 * (`Dockerfile.dockerignore`), else `.dockerignore` of the folder (docker build, "Dockerignore files").
 *
 * @param folder as the user names it
 * @param dockerfilePath as the user names it; need not lie within the folder
 * @returns null where the folder or its ignore file cannot be read
 */
export function readBuildContext(folder: string, dockerfilePath: string): BuildContext | null {
  if (!isFolder(folder)) return null;
  const own = `${dockerfilePath}.dockerignore`;
  for (const path of [own, join(folder, ".dockerignore")]) {
    const text = readText(path);
    if (text === "unreadable") return null;
    if (text !== null) return contextOf(folder, { path, patterns: readIgnoreFile(text.text) });
  }
  return contextOf(folder, null);
}

/** A context with an ignore file, or none. */
function contextOf(path: string, ignore: BuildContext["ignore"]): BuildContext {
  const ignores = ignoreMatcher(ignore?.patterns ?? []);
  const known = new Map<string, boolean | null>();
  return {
    path,
    ignore,
    ignores,
    exists: (wanted) => {
      const clean = contextPath(wanted);
      let found = known.get(clean);
      if (found === undefined) {
        found = known.size < MOST_LOOKS ? existsBelow(path, clean) : null;
        known.set(clean, found);
      }
      return found;
    },
  };
}

/**
 * Whether a path is there, links followed as the builder does: within the folder, where `/` is the folder itself.
 * null for patterns, and for what leads out or may not be looked at.
 */
function existsBelow(folder: string, path: string): boolean | null {
  if (/[*?[\\\0]/.test(path) || path.length > 4096) return null;
  const todo = path.split("/").toReversed();
  const done: string[] = [];
  for (let links = 0; todo.length > 0;) {
    const part = todo.pop() as string;
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (done.pop() === undefined) return null;
      continue;
    }
    const place = [folder, ...done, part].join(sep);
    const found = look(place);
    if (found === "missing") return false;
    if (found === "unreadable") return null;
    if (found.link === null) {
      done.push(part);
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return null;
    if (found.link.startsWith("/")) done.length = 0;
    todo.push(...found.link.split("/").toReversed());
  }
  return true;
}

function look(place: string): { link: string | null } | "missing" | "unreadable" {
  try {
    return { link: fs.lstatSync(place).isSymbolicLink() ? fs.readlinkSync(place) : null };
  } catch (error) {
    return isMissing(error) ? "missing" : "unreadable";
  }
}

function isFolder(path: string): boolean {
  try {
    return fs.statSync(resolve(path)).isDirectory();
  } catch {
    return false;
  }
}

/** The text of a plain file; null if there is none. */
function readText(path: string): { text: string } | "unreadable" | null {
  try {
    // Mostly there is none, and the error of open costs many times what a look does.
    if (fs.statSync(path, { throwIfNoEntry: false }) === undefined) return null;
    // O_NONBLOCK: a fifo must not hold us.
    const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    try {
      const stat = fs.fstatSync(fd);
      if (!stat.isFile() || stat.size > MOST_BYTES) return "unreadable";
      return { text: fs.readFileSync(fd, "utf8") };
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    return isMissing(error) ? null : "unreadable";
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
