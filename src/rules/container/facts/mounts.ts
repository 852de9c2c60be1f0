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

/**
 * The mounts of a container. The kernel's table is the only one that shows links and volumes resolved, every
 * submount with its own flags, and what was mounted after the start.
 */
export function mountFacts(
  container: ContainerEvidence,
): { known: true; value: MountFact[] } | { known: false; why: string } {
  if (container.actual.ok && container.actual.value.mounts.ok) {
    const source = procPath(container, "mountinfo");
    const all = container.actual.value.mounts.value;
    return {
      known: true,
      value: all.map((mount) => ({
        target: mount.target,
        hostPath: mount.hostPath,
        within: bringer(mount, all),
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
      hostPath: mount.type === "tmpfs" ? null : mount.source,
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

type MountLike = { target: string; hostPath: string | null; id: number; parent: number };

/**
 * The bind mount that a mount came along with: one above it that shows the host folder in which the same
 * mount stands on the host.
 */
function bringer(mount: MountLike, all: readonly MountLike[]): string | null {
  for (const above of all) {
    if (above.id === mount.id || above.hostPath === null || above.target === "/") continue;
    if (!mount.target.startsWith(`${above.target}/`)) continue;
    const expected = (above.hostPath === "/" ? "" : above.hostPath) + mount.target.slice(above.target.length);
    if (mount.hostPath === null || mount.hostPath === expected) return above.target;
  }
  return null;
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
