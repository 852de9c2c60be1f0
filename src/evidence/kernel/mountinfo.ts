/** One line of mountinfo before the real source is worked out. */
export interface MountLine {
  id: number;
  parent: number;
  device: string;
  root: string;
  target: string;
  options: string[];
  propagation: string[];
  type: string;
  source: string;
  superOptions: string[];
}

/**
 * Reads mountinfo, see proc_pid_mountinfo(5). Lines that do not fit the format are left out.
 *
 * @param split takes a list of options apart; given where many tables with the same options are read
 */
export function parseMountinfo(
  text: string,
  split: (options: string) => string[] = splitOptions,
): MountLine[] {
  const mounts: MountLine[] = [];
  for (const line of text.split("\n")) {
    const [left, right] = splitOnce(line, " - ");
    if (right === null) continue;
    const [id, parent, device, root, target, options, ...propagation] = left.split(" ");
    const [type, source, superOptions] = right.split(" ");
    if (device === undefined || root === undefined || target === undefined || type === undefined) continue;
    mounts.push({
      id: Number(id),
      parent: Number(parent),
      device,
      root: unescape(root),
      target: unescape(target),
      options: split(options ?? ""),
      propagation: propagation.filter((field) => field !== ""),
      type,
      source: unescape(source ?? ""),
      superOptions: split(superOptions ?? ""),
    });
  }
  return mounts;
}

/** The single options of a list as mountinfo has it. */
export function splitOptions(options: string): string[] {
  return options.split(",");
}

/**
 * The path under which the host sees the same files as `mount`, or null where the file system is not
 * mounted on the host (the private tmpfs of a container) or only below what the mount shows.
 *
 * Device and root decide: they are the truth behind links, volumes and mounts made after the start.
 *
 * @param expected of several paths that show the same files, the one to name if it is among them
 */
export function hostPathOf(
  mount: Pick<MountLine, "device" | "root">,
  hostMounts: ReadonlyMap<string, readonly MountLine[]>,
  expected?: string,
): string | null {
  let best: { path: string; length: number } | null = null;
  for (const host of hostMounts.get(mount.device) ?? []) {
    const rest = below(mount.root, host.root);
    if (rest === null) continue;
    // Of several host mounts that show it, the host's own root names it best (on btrfs it is a sub-volume,
    // and so has the longer root), else the widest one, else the one with the shortest path: so `/etc` is
    // called `/etc` and not `/mnt/snapshot/etc`.
    const length = host.target === "/" ? 0 : host.root.length;
    const candidate = { path: join(host.target, rest), length };
    if (candidate.path === expected) return expected;
    if (
      best === null ||
      candidate.length < best.length ||
      (candidate.length === best.length && candidate.path.length < best.path.length)
    ) {
      best = candidate;
    }
  }
  return best?.path ?? null;
}

/** Mounts by device, the form that {@link hostPathOf} looks up. */
export function byDevice(mounts: readonly MountLine[]): Map<string, MountLine[]> {
  const index = new Map<string, MountLine[]>();
  for (const mount of mounts) {
    const same = index.get(mount.device);
    if (same === undefined) index.set(mount.device, [mount]);
    else same.push(mount);
  }
  return index;
}

/** What is left of `path` below `folder`, `""` for the folder itself, null if it is not below it. */
export function below(path: string, folder: string): string | null {
  if (folder === "/") return path === "/" ? "" : path;
  if (path === folder) return "";
  return path.startsWith(`${folder}/`) ? path.slice(folder.length) : null;
}

function join(folder: string, rest: string): string {
  if (rest === "") return folder;
  return folder === "/" ? rest : folder + rest;
}

function splitOnce(text: string, separator: string): [string, string | null] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + separator.length)];
}

// The kernel writes blank, tab, newline and backslash as octal escapes (fs/proc_namespace.c, mangle()).
function unescape(text: string): string {
  return text.includes("\\")
    ? text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
    : text;
}
