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
const OVERLAY_NAME = /^(?:docker-)?compose[.\-_][\w.-]+\.ya?ml$/;

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

/** True for a name under which `docker compose` or people keep Compose files. */
export function isComposeName(path: string): boolean {
  const name = posix.basename(path);
  return BASE_NAME.test(name) || OVERLAY_NAME.test(name);
}

/** True for a text with the keys of a Compose file, whatever its name: `services` with something below it. */
export function looksLikeCompose(text: string): boolean {
  return /^services[ \t]*:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n){0,50}[ \t]+[\w."'-]+[ \t]*:/m.test(
    text.slice(0, 64 << 10),
  );
}
