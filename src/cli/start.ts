import * as fs from "node:fs";
import * as nodeModule from "node:module";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/**
 * Lets V8 keep its compiled code in the user's own cache folder, where Node can (22 and newer).
 *
 * Node's own choice lies below the shared temporary folder. Code that somebody else may write must never run
 * here, often as root: the cache is used only in folders that belong to us and that nobody else can write.
 */
export function useCompileCache(version: string): void {
  const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache === undefined || process.env.NODE_DISABLE_COMPILE_CACHE !== undefined) return;
  const folder = ownCacheFolder(version);
  if (folder !== null) enableCompileCache(folder);
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
      if (!isSafe(path, uid)) return null;
    }
    return folder;
  } catch {
    return null; // No home, no room, no permission: it works without.
  }
}

function isSafe(path: string, uid: number): boolean {
  const stat = fs.lstatSync(path);
  return stat.isDirectory() && (stat.uid === uid || stat.uid === 0) && (stat.mode & 0o022) === 0;
}
