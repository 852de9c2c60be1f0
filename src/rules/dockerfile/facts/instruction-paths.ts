import { posix } from "node:path";

/** True for `/x`, and for `C:\x` and `C:/x`. */
export function isAbsolute(path: string): boolean {
  return path.startsWith("/") || path.startsWith("\\") || isWindowsAbsolute(path);
}

/** True for a path with a drive letter. */
export function isWindowsAbsolute(path: string): boolean {
  return /^[A-Za-z]:/.test(path);
}

/**
 * Joins a path to the working folder and tidies it (`/a/./b/..` → `/a`); null where it is relative and the
 * working folder is not known. Paths of Windows stay as they are.
 */
export function absolutePath(workdir: string | null, path: string): string | null {
  if (isWindowsAbsolute(path)) return path;
  if (path.startsWith("/")) return tidy(path);
  if (workdir === null || isWindowsAbsolute(workdir)) return null;
  return tidy(`${workdir}/${path}`);
}

/** What is left of `path` below `folder`: "" for the folder itself, null if it is not below it. */
export function below(path: string, folder: string): string | null {
  if (path === folder) return "";
  if (folder === "/") return path.slice(1);
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
}

function tidy(path: string): string {
  if (path.length > 4096) return path;
  const plain = posix.normalize(path).replace(/^\/{2,}/, "/");
  return plain.length > 1 && plain.endsWith("/") ? plain.slice(0, -1) : plain;
}
