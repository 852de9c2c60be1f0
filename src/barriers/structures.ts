import type { NamespaceType } from "#model/evidence/process.ts";
import { isEngineMount } from "#rules/container/facts/mounts.ts";
import { sensitivityOf } from "#rules/container/facts/sensitive-paths.ts";
import { dataRoots } from "#rules/container/mounts.ts";
import type { BarrierFacts } from "./facts.ts";
import type { Lane } from "./model.ts";
import type { BarrierOf } from "./standing.ts";

/** What it needs is there. */
export const there = (why: string): Lane["structure"] => ({ there: true, why });
/** What it needs is not there. */
export const absent = (why: string): Lane["structure"] => ({ there: false, why });

/** Mounts that show a path of the host. */
export function hostMounts({ mounts }: BarrierFacts) {
  return mounts.known ? mounts.value.filter(({ hostPath }) => hostPath !== null) : [];
}

/** Mounts of the host that code would be after: to change what the host trusts, or to read what is dear. */
export function dearMounts(facts: BarrierFacts, use: "write" | "read") {
  const roots = dataRoots(facts.context);
  return hostMounts(facts).filter((mount) => {
    if (mount.target === "/" || mount.within !== null || isEngineMount(mount)) return false;
    // As if it could be written: that it is read-only is a barrier, and barriers may fall.
    const found = sensitivityOf(mount.hostPath ?? "", use === "write", roots);
    return found !== null && (use === "write" ? isDear(found.writable) : found.readable !== null);
  });
}

function isDear(severity: string | null): boolean {
  return severity === "critical" || severity === "high" || severity === "medium";
}

/** A mount of the host that matters is read-only. Stands only if no dear one can be written. */
export const mountsReadOnly: BarrierOf = (facts) => {
  const open = dearMounts(facts, "write").find(({ writable }) => writable);
  const [first] = dearMounts(facts, "write");
  return {
    id: "mounts read-only",
    mechanism: "read-only",
    setting: "volumes: ro",
    state: facts.mounts.known ? (open === undefined ? "stands" : "missing") : "unknown",
    why: !facts.mounts.known
      ? facts.mounts.why
      : open === undefined
        ? "what it sees of the host cannot be written"
        : `it can write ${open.hostPath} of the host at ${open.target}`,
    seen: [open ?? first].flatMap((mount) => (mount === undefined ? [] : [mount.seen])),
  };
};

/** Only root and one group may connect to a socket; in another user namespace root is not root. */
export const socketMode: BarrierOf = (facts) => {
  const { sockets, root, groups } = facts;
  const common = { id: "socket mode", mechanism: "socket", setting: "user" } as const;
  if (!sockets.known) return { ...common, state: "unknown", why: sockets.why, seen: [] };
  if (!root.known) return { ...common, state: "unknown", why: root.why, seen: [] };
  const byGroup =
    groups.known && sockets.value.some(({ gid }) => gid !== null && gid !== 0 && groups.value.includes(gid));
  const stands = !root.value && !byGroup;
  return {
    ...common,
    state: stands ? "stands" : "missing",
    why: stands
      ? "only root and the socket's group may connect, and it is neither"
      : byGroup
        ? "it is in the group of the socket"
        : "root may connect to the socket",
    seen: [sockets.seen],
  };
};

/** Shares a namespace with another container. */
export function neighbours(type: NamespaceType): (facts: BarrierFacts) => Lane["structure"] {
  return (facts) => {
    const sharing = facts.namespace(type);
    if (!sharing.known) return absent(sharing.why);
    const { containers } = sharing.value;
    return sharing.value.with === "containers"
      ? there(`it shares the ${type} namespace of ${containers.slice(0, 3).join(", ")}`)
      : absent(`no other container is in its ${type} namespace`);
  };
}

// The runtime covers it with a mount of its own, unless there is nothing to cover.
export const hasSysrq = ({ container, mounts }: BarrierFacts): Lane["structure"] => {
  const path = "/proc/sysrq-trigger";
  const asked = container.specified.ok && container.specified.value.readonlyPaths.includes(path);
  const covered = mounts.known && mounts.value.some(({ target }) => target === path);
  return container.actual.ok && asked && !covered
    ? absent("the kernel has no sysrq")
    : there("writing a letter reboots");
};

export const hasNetwork = (facts: BarrierFacts): Lane["structure"] =>
  facts.networkMode === "none" ? absent("it has no network") : there("it is on a network");
