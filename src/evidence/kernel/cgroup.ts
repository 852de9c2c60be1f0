import type { CgroupEvidence } from "#model/evidence/container.ts";
import { got, missing, type Reading } from "#model/reading.ts";
import { attempt, attemptOptional, type HostFiles } from "../filesystem.ts";
import { below, type MountLine } from "./mountinfo.ts";

/** Path per controller as `/proc/PID/cgroup` gives it, see cgroups(7); the v2 path stands under "". */
export function parseCgroup(text: string): Map<string, string> {
  const paths = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line);
    if (match === null) continue;
    const [, controllers, path] = match as unknown as [string, string, string];
    for (const controller of controllers.split(",")) paths.set(controller.replace(/^name=/, ""), path);
  }
  return paths;
}

/** Where the hierarchies are mounted: mount point per controller, the v2 hierarchy under "". */
export function cgroupMounts(
  hostMounts: readonly MountLine[],
): Map<string, { target: string; root: string }> {
  const mounts = new Map<string, { target: string; root: string }>();
  for (const { type, superOptions, target, root } of hostMounts) {
    if (type === "cgroup2") mounts.set("", { target, root });
    else if (type === "cgroup") {
      for (const option of superOptions) mounts.set(option.replace(/^name=/, ""), { target, root });
    }
  }
  return mounts;
}

/** The path that tells which container a process belongs to: that of the pids controller, else of v2. */
export function decisivePath(paths: ReadonlyMap<string, string>): string | null {
  return paths.get("pids") ?? paths.get("memory") ?? paths.get("") ?? null;
}

/** What binds everything below a cgroup, by kind of limit and cgroup; null = nothing does. */
export type CgroupLimits = Map<string, Reading<number | null>>;

/**
 * Reads the limits that apply to a cgroup: the smallest of it and all its ancestors, because the kernel
 * charges every level (Documentation/admin-guide/cgroup-v2.rst, "Hierarchical").
 *
 * @param known what was found for ancestors before; what is found now is added
 */
export function collectCgroup(
  files: HostFiles,
  paths: ReadonlyMap<string, string>,
  mounts: ReadonlyMap<string, { target: string; root: string }>,
  known: CgroupLimits = new Map(),
): CgroupEvidence {
  const folder = (controller: string): string | null => {
    const mount = mounts.get(controller);
    const path = paths.get(controller);
    // `/../` leads out of our cgroup namespace, where no mount of ours reaches (cgroup_namespaces(7)).
    if (mount === undefined || path === undefined || path.startsWith("/..")) return null;
    // A cgroup mount may show a sub-tree only (its root), and what is not below that is not there.
    const rest = below(path, mount.root);
    return rest === null ? null : mount.target + rest;
  };
  // On a hybrid host v2 has no controllers; the controllers' own hierarchies are the ones that limit.
  const version = paths.has("memory") || paths.has("pids") || paths.has("cpu") ? 1 : 2;
  const smallest = (
    controller: string,
    kind: string,
    parse: (folder: string) => number | null,
  ): Reading<number | null> => {
    const at = folder(controller);
    const top = mounts.get(controller)?.target;
    if (at === null || top === undefined) {
      return missing(`the ${controller || "v2"} cgroup hierarchy is not mounted here`);
    }
    const own = limitAt(files, at, parse);
    return own.ok && at !== top ? lesser(own, above(at, top, kind, parse, known)) : own;
  };

  const first = (controller: string, file: string): Reading<string> => {
    const at = folder(controller);
    if (at === null) return missing(`the ${controller || "v2"} cgroup hierarchy is not mounted here`);
    return attempt(`${at}/${file}`, () => files.readShort(`${at}/${file}`).trim());
  };
  const number = (reading: Reading<string>): Reading<number> =>
    reading.ok ? got(Number.parseInt(reading.value, 10) || 0) : reading;

  if (version === 2) {
    return {
      version,
      paths: Object.fromEntries(paths),
      memoryLimit: smallest("", "memory", (at) => limit(files.readShort(`${at}/memory.max`))),
      memoryPeak: number(first("", "memory.peak")),
      pidsLimit: smallest("", "pids", (at) => limit(files.readShort(`${at}/pids.max`))),
      cpuLimit: smallest("", "cpu", (at) => quota(files.readShort(`${at}/cpu.max`))),
      cpuShares: number(first("", "cpu.weight")),
      devices: missing("cgroup v2 keeps device rules in a BPF program that the kernel does not show"),
    };
  }
  return {
    version,
    paths: Object.fromEntries(paths),
    memoryLimit: smallest("memory", "memory", (at) =>
      v1Memory(files.readShort(`${at}/memory.limit_in_bytes`)),
    ),
    memoryPeak: number(first("memory", "memory.max_usage_in_bytes")),
    pidsLimit: smallest("pids", "pids", (at) => limit(files.readShort(`${at}/pids.max`))),
    cpuLimit: smallest("cpu", "cpu", (at) =>
      v1Quota(files.readShort(`${at}/cpu.cfs_quota_us`), () => files.readShort(`${at}/cpu.cfs_period_us`)),
    ),
    cpuShares: number(first("cpu", "cpu.shares")),
    devices: attempt("devices.list", () => {
      const list = first("devices", "devices.list");
      if (!list.ok) throw new Error(list.why);
      return list.value.split("\n").filter((line) => line !== "");
    }),
  };
}

/** The limit of a cgroup itself, which must be there. */
function limitAt(
  files: HostFiles,
  folder: string,
  parse: (folder: string) => number | null,
): Reading<number | null> {
  try {
    return got(parse(folder));
  } catch (error) {
    // Without the file it has no limit of its own: the root, or one that the controller is not switched on for.
    const none = attemptOptional(folder, () => {
      throw error;
    });
    if (!none.ok) return none;
    const there = attempt(folder, () => files.stat(folder));
    return there.ok ? got(null) : there;
  }
}

/** The smallest limit of all cgroups above `folder`, up to the one that is mounted at `top`. */
function above(
  folder: string,
  top: string,
  kind: string,
  parse: (folder: string) => number | null,
  known: CgroupLimits,
): Reading<number | null> {
  const parent = folder.slice(0, folder.lastIndexOf("/"));
  if (parent.length < top.length) return got(null);
  const key = `${kind} ${parent}`;
  let answer = known.get(key);
  if (answer === undefined) {
    const own = attemptOptional(parent, () => parse(parent));
    answer = parent === top ? own : lesser(own, above(parent, top, kind, parse, known));
    known.set(key, answer);
  }
  return answer;
}

function lesser(a: Reading<number | null>, b: Reading<number | null>): Reading<number | null> {
  if (!a.ok || !b.ok) return a.ok ? b : a;
  if (a.value === null || b.value === null) return a.value === null ? b : a;
  return a.value <= b.value ? a : b;
}

function limit(text: string): number | null {
  const value = text.trim();
  return /^\d+$/.test(value) ? Number(value) : null;
}

// "No limit" is the largest multiple of the page size that fits, not a word (mm/page_counter.c).
const V1_NO_LIMIT = 2 ** 62;

function v1Memory(text: string): number | null {
  const value = limit(text);
  return value === null || value >= V1_NO_LIMIT ? null : value;
}

// Without a quota, which is -1 then, the period says nothing.
function v1Quota(amount: string, period: () => string): number | null {
  return Number(amount) > 0 ? quota(`${amount.trim()} ${period()}`) : null;
}

function quota(text: string): number | null {
  const [amount, period] = text.trim().split(/\s+/).map(Number);
  if (amount === undefined || period === undefined || !(amount > 0) || !(period > 0)) return null;
  return amount / period;
}
