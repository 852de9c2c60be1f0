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

/** Limits by kind and cgroup; null = none there. */
export type CgroupLimits = Map<string, Reading<number | null>>;

/**
 * Reads the limits that apply to a cgroup: the smallest of it and all its ancestors, because the kernel
 * charges every level (Documentation/admin-guide/cgroup-v2.rst, "Hierarchical").
 *
 * @param known limits of ancestors that were read before; those that are read now are added
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
  const levels = (controller: string): { target: string; folders: string[] } | null => {
    const start = folder(controller);
    const mount = mounts.get(controller);
    if (start === null || mount === undefined) return null;
    const folders: string[] = [];
    for (let at = start; at.length >= mount.target.length; at = at.slice(0, at.lastIndexOf("/"))) {
      folders.push(at);
      if (at === mount.target) break;
    }
    return { target: mount.target, folders };
  };
  const smallest = (
    controller: string,
    kind: string,
    parse: (folder: string) => number | null,
  ): Reading<number | null> => {
    const found = levels(controller);
    if (found === null) return missing(`the ${controller || "v2"} cgroup hierarchy is not mounted here`);
    let least: number | null = null;
    for (const [level, at] of found.folders.entries()) {
      // A level without the file has no limit of its own: the root, or one that the controller is not
      // switched on for. But the level itself must be there.
      const key = `${kind} ${at}`;
      const answer = known.get(key) ?? attemptOptional(at, () => parse(at));
      if (level > 0) known.set(key, answer);
      if (!answer.ok) return answer;
      if (answer.value !== null && (least === null || answer.value < least)) least = answer.value;
    }
    const there = attempt(found.folders[0] ?? controller, () => files.stat(found.folders[0] ?? ""));
    return there.ok ? got(least) : there;
  };

  const first = (controller: string, file: string): Reading<string> => {
    const at = folder(controller);
    if (at === null) return missing(`the ${controller || "v2"} cgroup hierarchy is not mounted here`);
    return attempt(`${at}/${file}`, () => files.read(`${at}/${file}`).trim());
  };
  const number = (reading: Reading<string>): Reading<number> =>
    reading.ok ? got(Number.parseInt(reading.value, 10) || 0) : reading;

  if (version === 2) {
    return {
      version,
      paths: Object.fromEntries(paths),
      memoryLimit: smallest("", "memory", (at) => limit(files.read(`${at}/memory.max`))),
      memoryPeak: number(first("", "memory.peak")),
      pidsLimit: smallest("", "pids", (at) => limit(files.read(`${at}/pids.max`))),
      cpuLimit: smallest("", "cpu", (at) => quota(files.read(`${at}/cpu.max`))),
      cpuShares: number(first("", "cpu.weight")),
      devices: missing("cgroup v2 keeps device rules in a BPF program that the kernel does not show"),
    };
  }
  return {
    version,
    paths: Object.fromEntries(paths),
    memoryLimit: smallest("memory", "memory", (at) => v1Memory(files.read(`${at}/memory.limit_in_bytes`))),
    memoryPeak: number(first("memory", "memory.max_usage_in_bytes")),
    pidsLimit: smallest("pids", "pids", (at) => limit(files.read(`${at}/pids.max`))),
    cpuLimit: smallest("cpu", "cpu", (at) =>
      quota(`${files.read(`${at}/cpu.cfs_quota_us`).trim()} ${files.read(`${at}/cpu.cfs_period_us`)}`),
    ),
    cpuShares: number(first("cpu", "cpu.shares")),
    devices: attempt("devices.list", () => {
      const list = first("devices", "devices.list");
      if (!list.ok) throw new Error(list.why);
      return list.value.split("\n").filter((line) => line !== "");
    }),
  };
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

function quota(text: string): number | null {
  const [amount, period] = text.trim().split(/\s+/).map(Number);
  if (amount === undefined || period === undefined || !(amount > 0) || !(period > 0)) return null;
  return amount / period;
}
