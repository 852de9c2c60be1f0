import * as fs from "node:fs";
import * as nodeModule from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

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
  const base = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "seaworthy");
  const folder = join(base, `v8-${version}`);
  try {
    // Level by level: Node's recursive mkdir never ends in a folder that takes no entries, such as /proc.
    for (const path of [dirname(base), base, folder]) {
      if (!fs.existsSync(path)) fs.mkdirSync(path, { mode: 0o700 });
    }
    return [folder, base, dirname(base), dirname(dirname(base))].every((path) => isSafe(path, uid))
      ? folder
      : null;
  } catch {
    return null; // No home, no room, no permission: it works without.
  }
}

function isSafe(path: string, uid: number): boolean {
  const stat = fs.lstatSync(path);
  return stat.isDirectory() && (stat.uid === uid || stat.uid === 0) && (stat.mode & 0o022) === 0;
}
