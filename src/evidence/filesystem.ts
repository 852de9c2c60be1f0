import * as fs from "node:fs";
import { posix } from "node:path";
import type { FileStat } from "#model/evidence/file.ts";
import { got, missing, type Reading } from "#model/reading.ts";

/** Where the parts of the judged host are mounted for us; `/` and its own `/proc`, `/sys`, `/etc` by default. */
export interface Roots {
  root?: string;
  proc?: string;
  sys?: string;
  etc?: string;
}

/** Reads of the judged host. Paths are those of the host; every method may throw what node:fs throws. */
export interface HostFiles {
  /** Whole text of a file, at most `limit` bytes (default 1 MiB); longer files throw. */
  read(path: string, limit?: number): string;
  readlink(path: string): string;
  list(path: string): string[];
  lstat(path: string): fs.Stats;
  stat(path: string): fs.Stats;
  /** The path after all links, as a path of the host. */
  realpath(path: string): string;
  /** The path under which this process reaches `path`, to connect to a socket. */
  local(path: string): string;
}

const DEFAULT_LIMIT = 1 << 20;
const MAX_LINKS = 40; // as the kernel, path_resolution(7)
let buffer = Buffer.allocUnsafe(64 << 10);

/** Opens the files of the host that is mounted at `roots`. */
export function hostFiles(roots: Roots = {}): HostFiles {
  const root = (roots.root ?? "/").replace(/\/+$/, "");
  const overrides = Object.entries({ "/proc": roots.proc, "/sys": roots.sys, "/etc": roots.etc }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const plain = root === "" && overrides.length === 0;

  function place(path: string): string {
    for (const [prefix, real] of overrides) {
      if (path === prefix || path.startsWith(`${prefix}/`)) return real + path.slice(prefix.length);
    }
    return root + path;
  }

  // Under another root an absolute link must not lead back into our own file system.
  function resolve(path: string, followLast: boolean): string {
    const todo = path.split("/").filter((part) => part !== "");
    let done = "";
    let links = 0;
    while (todo.length > 0) {
      const part = todo.shift() as string;
      if (part === ".") continue;
      if (part === "..") {
        done = posix.dirname(`${done}/`);
        if (done === "/" || done === ".") done = "";
        continue;
      }
      const next = `${done}/${part}`;
      // The kernel's own links in /proc (fd, cwd, root, exe) are doors, not paths: never rewritten.
      if ((followLast || todo.length > 0) && !next.startsWith("/proc/")) {
        const target = linkTarget(place(next));
        if (target !== null) {
          links += 1;
          if (links > MAX_LINKS) throw Object.assign(new Error(`too many links: ${path}`), { code: "ELOOP" });
          todo.unshift(...target.split("/").filter((piece) => piece !== ""));
          if (target.startsWith("/")) done = "";
          continue;
        }
      }
      done = next;
    }
    return done === "" ? "/" : done;
  }

  const at = (path: string, follow = true): string => (plain ? path : place(resolve(path, follow)));

  return {
    read: (path, limit = DEFAULT_LIMIT) => readBounded(at(path), limit),
    readlink: (path) => fs.readlinkSync(at(path, false)),
    list: (path) => fs.readdirSync(at(path)),
    lstat: (path) => fs.lstatSync(at(path, false)),
    stat: (path) => fs.statSync(at(path)),
    realpath: (path) => (plain ? fs.realpathSync(path) : resolve(path, true)),
    local: (path) => at(path),
  };
}

function linkTarget(path: string): string | null {
  try {
    return fs.readlinkSync(path);
  } catch {
    return null;
  }
}

function readBounded(path: string, limit: number): string {
  // Files of /proc report size 0, so the length is only known at their end. O_NONBLOCK: a fifo that
  // somebody put in the place of a file must not hold us.
  const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    let length = 0;
    for (;;) {
      if (length === buffer.length) {
        const bigger = Buffer.allocUnsafe(buffer.length * 2);
        buffer.copy(bigger);
        buffer = bigger;
      }
      const count = fs.readSync(fd, buffer, length, buffer.length - length, null);
      if (count === 0) return buffer.toString("utf8", 0, length);
      length += count;
      if (length > limit) {
        throw Object.assign(new Error(`larger than ${limit} bytes: ${path}`), { code: "EFBIG" });
      }
    }
  } finally {
    fs.closeSync(fd);
    if (buffer.length > 4 << 20) buffer = Buffer.allocUnsafe(64 << 10);
  }
}

/** Runs `read`; what it throws becomes the reason, in words: `/etc/shadow: permission denied`. */
export function attempt<T>(what: string, read: () => T): Reading<T> {
  try {
    return got(read());
  } catch (error) {
    return missing(`${what}: ${reasonOf(error)}`);
  }
}

/** Like {@link attempt}, but a path that does not exist is the answer null, not a failure. */
export function attemptOptional<T>(what: string, read: () => T): Reading<T | null> {
  try {
    return got(read());
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return got(null);
    return missing(`${what}: ${reasonOf(error)}`);
  }
}

const REASONS: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOENT: "does not exist",
  ENOTDIR: "does not exist",
  ESRCH: "the process has ended",
  ELOOP: "too many symbolic links",
  EFBIG: "too large",
  EISDIR: "is a folder",
  EINVAL: "the kernel does not support it",
  ECONNREFUSED: "connection refused",
  ETIMEDOUT: "timed out",
};

/** The reason of a failed system call in words; never a stack trace. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code !== undefined && REASONS[code]) || message || String(error);
}

/** `lstat` in the shape of the evidence. */
export function fileStat(files: HostFiles, path: string): FileStat {
  const stat = files.lstat(path);
  return {
    path,
    type: typeOf(stat),
    uid: stat.uid,
    gid: stat.gid,
    mode: stat.mode & 0o7777,
    mtimeMs: Math.round(stat.mtimeMs),
    device: deviceNumber(stat.dev),
  };
}

/** `major:minor` of a device number of stat(2), encoded as in glibc's sys/sysmacros.h. */
export function deviceNumber(device: number): string {
  const value = BigInt(device);
  const major = ((value >> 8n) & 0xfffn) | ((value >> 32n) & ~0xfffn);
  const minor = (value & 0xffn) | ((value >> 12n) & ~0xffn);
  return `${major}:${minor & 0xffffffffn}`;
}

function typeOf(stat: fs.Stats): FileStat["type"] {
  if (stat.isDirectory()) return "directory";
  if (stat.isSocket()) return "socket";
  if (stat.isSymbolicLink()) return "link";
  if (stat.isCharacterDevice()) return "char";
  if (stat.isBlockDevice()) return "block";
  if (stat.isFIFO()) return "fifo";
  return "file";
}
