import * as fs from "node:fs";
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
  /**
   * Whole text of a file, at most `limit` bytes (default 1 MiB); longer files throw.
   *
   * @param longestLine bytes of the longest line there can be, for files of the kernel whose end is dear to find
   */
  read(path: string, limit?: number, longestLine?: number): string;
  /**
   * Whole text of a file below /proc or /sys that the kernel keeps short whatever runs: it needs no bound, and
   * costs half of what `read` does.
   */
  readShort(path: string): string;
  /** The same, undecoded: for compressed files. */
  readBytes(path: string, limit?: number): Buffer;
  readlink(path: string): string;
  list(path: string): string[];
  /** A folder whose way is gone once, for looks at what lies in it. */
  folder(path: string): LocalFolder;
  lstat(path: string): fs.Stats;
  stat(path: string): fs.Stats;
  /** The path after all links, as a path of the host. */
  realpath(path: string): string;
  /** The path under which this process reaches `path`, to connect to a socket. */
  local(path: string): string;
}

/** A folder of the judged host that was found. Of what lies in it no link is followed. */
export interface LocalFolder {
  /** Names and types. */
  list(): fs.Dirent[];
  lstat(name: string): fs.Stats;
  below(name: string): LocalFolder;
}

const DEFAULT_LIMIT = 1 << 20;
const MAX_LINKS = 40; // as the kernel, path_resolution(7)
// The root of another process. An absolute link below it belongs to that root; the kernel would start it at ours.
const PROCESS_ROOT = /^(\/proc\/(?:\d+|self)\/root)(\/.*)$/;
const UTF8 = { encoding: "utf8" } as const;
const KEPT_BUFFER = 4 << 20;
const PAGE = 4096; // the smallest there is
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

  /**
   * Follows the links of `path` one by one, so that none leads out of the root that `locate` places paths in.
   * `doors`: leave the kernel's own links in /proc (fd, cwd, root, exe) alone, which are doors and not paths.
   */
  function resolve(
    path: string,
    followLast: boolean,
    locate: (path: string) => string,
    doors: boolean,
  ): string {
    const todo = path.split("/").filter((part) => part !== "");
    let done = "";
    let links = 0;
    while (todo.length > 0) {
      const part = todo.shift() as string;
      if (part === ".") continue;
      if (part === "..") {
        done = done.slice(0, Math.max(0, done.lastIndexOf("/")));
        continue;
      }
      const next = `${done}/${part}`;
      if ((followLast || todo.length > 0) && !(doors && next.startsWith("/proc/"))) {
        const target = linkTarget(locate(next));
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

  /** `path` as a path of the host without links, and where this process finds it. */
  function follow(path: string, followLast: boolean): { real: string; local: string } {
    const [, base, rest] = PROCESS_ROOT.exec(path) ?? [];
    if (base !== undefined && rest !== undefined) {
      const root = place(base);
      const real = resolve(rest, followLast, (inside) => root + inside, false);
      return { real: base + real, local: root + real };
    }
    const real = resolve(path, followLast, place, true);
    return { real, local: place(real) };
  }

  const at = (path: string, followLast = true): string =>
    plain && !isBelowRoot(path) ? path : follow(path, followLast).local;

  const read = (path: string, limit = DEFAULT_LIMIT, longestLine?: number): string => {
    const length = fill(at(path), limit, longestLine); // may replace the buffer
    return buffer.toString("utf8", 0, length);
  };

  return {
    read,
    // Node opens, reads and closes in one call of its own.
    readShort: plain ? (path) => fs.readFileSync(path, UTF8) : (path) => read(path),
    readBytes: (path, limit = DEFAULT_LIMIT) => {
      const length = fill(at(path), limit);
      return Buffer.from(buffer.subarray(0, length));
    },
    readlink: (path) => fs.readlinkSync(at(path, false)),
    list: (path) => fs.readdirSync(at(path)),
    folder: (path) => localFolder(at(path)),
    lstat: (path) => fs.lstatSync(at(path, false)),
    stat: (path) => fs.statSync(at(path)),
    realpath: (path) => {
      if (plain && !isBelowRoot(path)) return fs.realpathSync.native(path);
      const { real, local } = follow(path, true);
      fs.lstatSync(local); // As realpath(3): what does not exist has no real path.
      return real;
    },
    local: (path) => at(path),
  };
}

// The search for the word first: it is cheap, and nearly always the whole answer.
function isBelowRoot(path: string): boolean {
  return path.includes("/root/") && PROCESS_ROOT.test(path);
}

function localFolder(path: string): LocalFolder {
  return {
    list: () => fs.readdirSync(path, { withFileTypes: true }),
    lstat: (name) => fs.lstatSync(`${path}/${name}`),
    below: (name) => localFolder(`${path}/${name}`),
  };
}

function linkTarget(path: string): string | null {
  try {
    // Mostly it is none, and to look costs a tenth of what the error of readlink does.
    return fs.lstatSync(path).isSymbolicLink() ? fs.readlinkSync(path) : null;
  } catch {
    return null;
  }
}

/** Reads a file into the shared buffer, and returns how many bytes it holds of it. */
function fill(path: string, limit: number, longestLine?: number): number {
  if (buffer.length > KEPT_BUFFER) buffer = Buffer.allocUnsafe(64 << 10);
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
      const room = buffer.length - length;
      const count = fs.readSync(fd, buffer, length, room, null);
      if (count === 0) return length;
      length += count;
      if (length > limit) {
        throw Object.assign(new Error(`larger than ${limit} bytes: ${path}`), { code: "EFBIG" });
      }
      // The kernel fills at least a page with whole lines before it answers (fs/seq_file.c, seq_read_iter).
      if (longestLine !== undefined && room >= PAGE && count < PAGE - longestLine) return length;
    }
  } finally {
    fs.closeSync(fd);
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

/**
 * The file that `path` leads to, in the shape of the evidence; `path` in it is the real one. The mode of a
 * link itself says nothing (symlink(7)), that of its target does.
 */
export function targetStat(files: HostFiles, path: string): FileStat {
  return fileStat(files, files.realpath(path));
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
