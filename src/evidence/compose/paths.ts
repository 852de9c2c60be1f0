import { posix } from "node:path";

/** The folder of a file, `.` for a bare name. */
export function folderOf(path: string): string {
  return posix.dirname(path);
}

/** A path as the user would name it, from the folder of the file that names it. */
export function below(folder: string, path: string): string {
  return posix.isAbsolute(path) ? posix.normalize(path) : posix.join(folder, path);
}

/** True for what is fetched from elsewhere: an address, a git remote, an OCI artifact. */
export function isRemote(path: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|git@[\w.-]+:|github\.com\/|oci:)/i.test(path);
}

const BASE_NAME = /^(?:docker-)?compose\.ya?ml$/;
const OVERRIDE_NAME = /^(?:docker-)?compose\.override\.ya?ml$/;
const OVERLAY_NAME = /^(?:docker-|podman-)?compose[.\-_][\w.-]+\.ya?ml$/;

/** Files that `docker compose` merges over `path` without being asked, the first that exists. */
export function usualOverrides(path: string): string[] {
  if (!BASE_NAME.test(posix.basename(path))) return [];
  return [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
  ].map((name) => posix.join(folderOf(path), name));
}

/** True for the file that `docker compose` merges over another by itself, so that it is read with that one. */
export function isOverride(path: string): boolean {
  return OVERRIDE_NAME.test(posix.basename(path));
}

/** True for a name that says that the file is laid over another one: `compose.prod.yaml`. */
export function isOverlay(path: string): boolean {
  return OVERLAY_NAME.test(posix.basename(path));
}
