import * as fs from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/** Compiled code by the name of the part of the program that it is of. */
export type CodeCache = Map<string, Buffer>;

/** What was found: the code, and whether it should be made anew. */
export interface FoundCache {
  parts: CodeCache;
  stale: boolean;
}

const NOTHING: FoundCache = { parts: new Map(), stale: true };
const MAX_SIZE = 64 << 20;
// A run that ended early leaves code for little; from time to time a later run may leave more.
const RENEWED_AFTER_MS = 24 * 3600_000;

/**
 * Reads a file that {@link writeCache} wrote; nothing for one that is not ours alone, that is not of this program
 * (`key`), or cut short.
 *
 * V8 itself refuses code of another version of V8, or of other flags, but takes its word that the source is the
 * same: that is what the key is for.
 */
export function readCache(path: string, key: string): FoundCache {
  const uid = process.geteuid?.();
  if (uid === undefined) return NOTHING;
  try {
    const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
    try {
      const stat = fs.fstatSync(fd);
      if (!stat.isFile() || stat.size > MAX_SIZE || !belongsTo(stat, uid)) return NOTHING;
      const parts = unpack(fs.readFileSync(fd), key);
      return parts === null ? NOTHING : { parts, stale: Date.now() - stat.mtimeMs > RENEWED_AFTER_MS };
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return NOTHING; // Not there, or not readable: it works without.
  }
}

/** Writes the code so that the file appears whole or not at all. Never throws. */
export function writeCache(path: string, key: string, parts: CodeCache): void {
  const draft = `${path}.${process.pid}`;
  try {
    fs.writeFileSync(draft, pack(key, parts), { mode: 0o600, flag: "wx" });
    fs.renameSync(draft, path);
  } catch {
    fs.rmSync(draft, { force: true });
  }
}

// V8 copies what does not begin at a multiple of this.
const ALIGNMENT = 8;

/** Length of the list, the list as JSON (key, then name and size of each part), the parts. */
function pack(key: string, parts: CodeCache): Buffer {
  const list = Buffer.from(JSON.stringify([key, ...[...parts].map(([name, { length }]) => [name, length])]));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(list.length);
  const pieces = [Buffer.concat([size, list]), ...parts.values()];
  return Buffer.concat(
    pieces.flatMap((piece) => [piece, Buffer.alloc(aligned(piece.length) - piece.length)]),
  );
}

function unpack(bytes: Buffer, key: string): CodeCache | null {
  const end = 4 + bytes.readUInt32LE(0);
  const [found, ...list] = JSON.parse(bytes.toString("utf8", 4, end)) as [string, ...[string, number][]];
  const parts: CodeCache = new Map();
  let at = aligned(end);
  for (const [name, length] of list) {
    parts.set(name, bytes.subarray(at, at + length));
    at += aligned(length);
  }
  return found === key && at === bytes.length ? parts : null;
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

/** A folder of ours for the cache, made if need be; null if none is safe. */
export function ownCacheFolder(version: string): string | null {
  const uid = process.geteuid?.();
  if (uid === undefined) return null;
  // A relative path is to be ignored (XDG Base Directory Specification, "Basics").
  const asked = process.env.XDG_CACHE_HOME ?? "";
  const base = join(isAbsolute(asked) ? asked : join(homedir(), ".cache"), "seaworthy");
  const folder = join(base, `v8-${version}`);
  try {
    // Level by level: Node's recursive mkdir never ends in a folder that takes no entries, such as /proc. And
    // nothing is made where it is not safe: root with the HOME of a user must not leave folders of root there.
    for (const path of [dirname(dirname(base)), dirname(base), base, folder]) {
      if (path !== dirname(dirname(base)) && !fs.existsSync(path)) fs.mkdirSync(path, { mode: 0o700 });
      const stat = fs.lstatSync(path);
      if (!stat.isDirectory() || !belongsTo(stat, uid)) return null;
    }
    return folder;
  } catch {
    return null; // No home, no room, no permission: it works without.
  }
}

/** Nobody else can write it. */
function belongsTo(stat: fs.Stats, uid: number): boolean {
  return (stat.uid === uid || stat.uid === 0) && (stat.mode & 0o022) === 0;
}
