import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { Seen } from "#model/finding.ts";
import { actual, declared, specified } from "../../rule.ts";
import { declaredSource, nobodyKnows, procPath } from "./witness.ts";

/** One mount inside a container by the most truthful witness. */
export interface MountFact {
  target: string;
  /** Path on the host that it shows, null for file systems of the container's own (tmpfs, proc, overlay). */
  hostPath: string | null;
  type: string;
  writable: boolean;
  options: string[];
  /** Target of the bind mount that brought it along (`--mount …,bind-recursive`), null if it stands for itself. */
  within: string | null;
  /** Peer groups: a mount made inside appears outside as well. */
  shared: boolean;
  seen: Seen;
}

type MountFacts = { known: true; value: readonly MountFact[] } | { known: false; why: string };

// A dozen rules ask for the same mounts. Evidence does not change while it is judged.
const workedOut = new WeakMap<ContainerEvidence, MountFacts>();

/**
 * The mounts of a container. The kernel's table is the only one that shows links and volumes resolved, every
 * submount with its own flags, and what was mounted after the start.
 */
export function mountFacts(container: ContainerEvidence): MountFacts {
  const known = workedOut.get(container);
  if (known !== undefined) return known;
  const facts = workOut(container);
  workedOut.set(container, facts);
  return facts;
}

function workOut(container: ContainerEvidence): MountFacts {
  if (container.actual.ok && container.actual.value.mounts.ok) {
    const source = procPath(container, "mountinfo");
    const all = container.actual.value.mounts.value;
    const bringer = bringers(all);
    return {
      known: true,
      value: all.map((mount) => ({
        target: mount.target,
        hostPath: mount.hostPath,
        within: bringer(mount),
        type: mount.type,
        // Both the mount's own flag and the super block's can make it read-only.
        writable: !mount.options.includes("ro") && !mount.superOptions.includes("ro"),
        options: mount.options,
        shared: mount.propagation.some((field) => field.startsWith("shared:")),
        seen: actual(
          source,
          `${mount.target === "/" ? mount.source : (mount.hostPath ?? mount.source)} on ${mount.target} (${[mount.type, ...mount.options].join(",")})`,
        ),
      })),
    };
  }
  if (container.specified.ok) {
    const { mounts, source, readonlyRootfs } = container.specified.value;
    const root: MountFact = {
      target: "/",
      hostPath: null,
      within: null,
      type: "overlay",
      writable: !readonlyRootfs,
      options: [readonlyRootfs ? "ro" : "rw"],
      shared: false,
      seen: specified(source, readonlyRootfs, "root.readonly"),
    };
    const rest = mounts.map((mount): MountFact => {
      const bind = mount.type === "bind" || mount.options.includes("bind") || mount.options.includes("rbind");
      return {
        target: mount.target,
        hostPath: bind ? mount.source : null,
        within: null,
        type: mount.type,
        writable: !mount.options.includes("ro"),
        options: mount.options,
        shared: mount.options.includes("shared") || mount.options.includes("rshared"),
        seen: specified(source, `${mount.source} on ${mount.target} (${mount.options.join(",")})`, "mounts"),
      };
    });
    return { known: true, value: [root, ...rest] };
  }
  if (container.declared.ok) {
    const { mounts, readonlyRootfs } = container.declared.value;
    const source = declaredSource(container);
    const planned = container.declaredIn !== undefined;
    const root: MountFact = {
      target: "/",
      hostPath: null,
      within: null,
      type: "overlay",
      writable: !readonlyRootfs,
      options: [readonlyRootfs ? "ro" : "rw"],
      shared: false,
      seen: declared(source, readonlyRootfs, "HostConfig.ReadonlyRootfs"),
    };
    const rest = mounts.map((mount): MountFact => ({
      target: mount.target,
      // A volume that a file names has no place on any host yet.
      hostPath: mount.type === "tmpfs" || (planned && mount.type !== "bind") ? null : mount.source,
      within: null,
      type: mount.type,
      writable: mount.writable,
      options: mount.mode === "" ? [] : mount.mode.split(","),
      shared: /^r?shared$/.test(mount.propagation),
      seen: declared(source, `${mount.source}:${mount.target}:${mount.writable ? "rw" : "ro"}`, "Mounts"),
    }));
    return { known: true, value: [root, ...rest] };
  }
  return nobodyKnows(container);
}

/** How many mounts a rule tells of one by one: whoever may mount can make ten thousand. */
export const MAX_TOLD = 50;

/**
 * Why the kernel's table of a running container is out of sight although its processes are seen: somebody inside
 * can bring that about. What was ordered then shows faults, but that it shows none proves nothing. null = in sight.
 */
export function hiddenMounts(container: ContainerEvidence): string | null {
  if (!container.actual.ok) return null;
  const { mounts } = container.actual.value;
  return mounts.ok ? null : mounts.why;
}

type MountLike = { target: string; hostPath: string | null };

/**
 * Tells for each mount the bind mount that it came along with: one above it that shows the host folder in which
 * the same mount stands on the host. By look-up, because a container can have tens of thousands of mounts.
 */
function bringers(all: readonly MountLike[]): (mount: MountLike) => string | null {
  const shown = new Map<string, Set<string>>();
  for (const { target, hostPath } of all) {
    if (hostPath === null || target === "/") continue;
    const paths = shown.get(target);
    if (paths === undefined) shown.set(target, new Set([hostPath]));
    else paths.add(hostPath);
  }
  return ({ target, hostPath }) => {
    for (let end = target.indexOf("/", 1); end > 0; end = target.indexOf("/", end + 1)) {
      const paths = shown.get(target.slice(0, end));
      if (paths === undefined) continue;
      if (hostPath === null) return target.slice(0, end);
      const rest = target.slice(end);
      if (!hostPath.endsWith(rest)) continue;
      if (paths.has(hostPath.slice(0, -rest.length) || "/")) return target.slice(0, end);
    }
    return null;
  };
}

/** File systems of the kernel, and where the runtime mounts them for every container (runtime-spec, config-linux.md). */
const KERNEL_MOUNTS: Readonly<Record<string, RegExp>> = {
  proc: /^\/proc(?:\/|$)/,
  sysfs: /^\/sys$/,
  cgroup: /^\/sys\/fs\/cgroup(?:\/|$)/,
  cgroup2: /^\/sys\/fs\/cgroup(?:\/|$)/,
  mqueue: /^\/dev\/mqueue$/,
  devpts: /^\/dev\/(?:pts|console)$/,
};

/**
 * A mount that the engine makes for every container: its own files, and the kernel's file systems in their
 * usual places. A container that shares the host's network shows the very sysfs that the host has mounted.
 */
export function isEngineMount({
  target,
  hostPath,
  type,
}: Pick<MountFact, "target" | "hostPath" | "type">): boolean {
  if (KERNEL_MOUNTS[type]?.test(target) === true) return true;
  return (
    ["/etc/resolv.conf", "/etc/hostname", "/etc/hosts", "/run/.containerenv", "/run/secrets"].includes(
      target,
    ) &&
    (hostPath === null || /\/(?:containers|overlay-containers|userdata)\//.test(hostPath))
  );
}
