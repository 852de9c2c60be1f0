import type { Step } from "./command-calls.ts";

/** `RUN --mount`: what lies at a folder while the step runs. */
export interface Mount {
  /** `bind` without one. */
  type: string;
  /** Without slash at the end; empty if none is given. */
  target: string;
}

/** Mounts of a step (Dockerfile reference, "RUN --mount"; the value is one line of CSV). */
export function mountsOf({ run }: Pick<Step, "run">): Mount[] {
  return run.flags.flatMap(({ name, value }) => {
    if (name !== "mount" || value === null) return [];
    const mount: Mount = { type: "bind", target: "" };
    for (const field of value.split(",")) {
      const equals = field.indexOf("=");
      const key = field
        .slice(0, equals === -1 ? undefined : equals)
        .trim()
        .toLowerCase();
      const given = equals === -1 ? "" : field.slice(equals + 1).trim();
      if (key === "type") mount.type = given.toLowerCase();
      if (key === "target" || key === "dst" || key === "destination") {
        mount.target = withoutSlash(given);
      }
    }
    return [mount];
  });
}

/** True if what is written to one of the folders stays out of the layer: a cache or a tmpfs lies over it. */
export function isKeptOut(step: Pick<Step, "run">, ...folders: readonly string[]): boolean {
  return mountsOf(step).some(
    ({ type, target }) =>
      (type === "cache" || type === "tmpfs") && folders.some((folder) => covers(target, folder)),
  );
}

/**
 * True if `target` is the folder or one above it. A folder that begins with `~` is one below any home:
 * `~/.cache/pip` is `/root/.cache/pip` as well as `/home/app/.cache/pip`.
 */
function covers(target: string, folder: string): boolean {
  if (target === "") return false;
  if (!folder.startsWith("~")) return target === "/" || folder === target || folder.startsWith(`${target}/`);
  const below = folder.slice(1);
  for (let end = below.length; end > 0; end = below.lastIndexOf("/", end - 1)) {
    if (target.endsWith(below.slice(0, end))) return true;
  }
  return target === "/root" || target === "~" || /^\/home(?:\/[^/]+)?$/.test(target);
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
