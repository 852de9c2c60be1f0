import { isAbsolute, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Where a document belongs. */
export interface Place {
  /** Folder whose policy holds, and from which its name is told. */
  folder: string;
  /** What it is called in findings, as on a command line in that folder. */
  path: string;
}

/**
 * The path of a `file:` address; null for any other (a document that was never saved, one within an archive).
 */
export function pathOfUri(uri: string): string | null {
  try {
    const url = new URL(uri);
    return url.protocol === "file:" ? fileURLToPath(url) : null;
  } catch {
    return null; // No address, or the file of another machine.
  }
}

/**
 * Finds the folder of the workspace that holds a document, the innermost one if they are nested.
 *
 * @param fallback what holds documents that lie in none
 */
export function placeOf(uri: string, folders: readonly string[], fallback: string): Place {
  const path = pathOfUri(uri);
  if (path === null) return { folder: folders[0] ?? fallback, path: lastSegment(uri) };
  const [folder = fallback] = folders
    .filter((each) => path === each || path.startsWith(each.endsWith(sep) ? each : each + sep))
    .toSorted((a, b) => b.length - a.length);
  const below = relative(folder, path);
  return { folder, path: below === "" || below.startsWith("..") || isAbsolute(below) ? path : below };
}

/** The address of a file that a finding names. */
export function uriOf({ folder }: Pick<Place, "folder">, path: string): string {
  return pathToFileURL(resolve(folder, path)).href;
}

function lastSegment(uri: string): string {
  const [bare = ""] = uri.split(/[?#]/);
  const name = bare.slice(Math.max(bare.lastIndexOf("/"), bare.lastIndexOf(":")) + 1);
  try {
    return decodeURIComponent(name) || "document";
  } catch {
    return name;
  }
}
