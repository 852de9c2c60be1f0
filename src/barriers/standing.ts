import type { NamespaceType } from "#model/evidence/process.ts";
import type { Fact } from "#rules/container/facts/witness.ts";
import type { BarrierFacts } from "./facts.ts";
import type { Barrier, Mechanism } from "./model.ts";

/** Makes a barrier of a technique from the facts of a container. */
export type BarrierOf = (facts: BarrierFacts) => Barrier;

interface Words {
  id: string;
  mechanism: Mechanism;
  setting: string;
  stands: string;
  missing: string;
}

/** A barrier that stands where a fact holds; where it is not known the reason is kept. */
function barrier<T>(known: Fact<T>, holds: (value: T) => boolean, words: Words): Barrier {
  const { id, mechanism, setting } = words;
  if (!known.known) return { id, mechanism, setting, state: "unknown", why: known.why, seen: [] };
  const stands = holds(known.value);
  return {
    id,
    mechanism,
    setting,
    state: stands ? "stands" : "missing",
    why: stands ? words.stands : words.missing,
    seen: [known.seen],
  };
}

/** Its processes are not root inside. */
export const user: BarrierOf = ({ root }) =>
  barrier(root, (isRoot) => !isRoot, {
    id: "user",
    mechanism: "user",
    setting: "user",
    stands: "it does not run as root",
    missing: "it runs as root",
  });

/** A setuid file cannot make it root. */
export const noNewPrivileges: BarrierOf = ({ noNewPrivileges: set }) =>
  barrier(set, (value) => value, {
    id: "no-new-privileges",
    mechanism: "no-new-privileges",
    setting: "security_opt: no-new-privileges",
    stands: "setuid files give it nothing",
    missing: "setuid files make it what they say",
  });

/** Root inside is an ordinary user of the host. */
export const userNamespace: BarrierOf = ({ mapped }) =>
  barrier(mapped, (value) => value, {
    id: "user namespace",
    mechanism: "user-namespace",
    setting: "userns-remap",
    stands: "root inside is an ordinary user of the host",
    missing: "root inside is root of the host",
  });

/** A capability is out of its reach. */
export function capability(name: string): BarrierOf {
  return ({ bounding }) =>
    barrier(bounding, (set) => !set.has(name), {
      id: `no ${name}`,
      mechanism: "capability",
      setting: `cap ${name}`,
      stands: `${name} is out of its reach`,
      missing: `it can have ${name}`,
    });
}

/** The system call filter stops a call. Docker's filter opens it together with the capability. */
export function filter(call: string, openedBy?: string): BarrierOf {
  return ({ seccomp }) =>
    barrier(seccomp(call), (open) => !open, {
      id: `seccomp ${call}`,
      mechanism: "seccomp",
      setting: openedBy === undefined ? "seccomp" : `cap ${openedBy}`,
      stands: `the filter stops ${call}`,
      missing: `the filter lets ${call} through`,
    });
}

/** A security module confines it: Docker's own profile forbids mounts, raw disks, and what is dear of /proc and /sys. */
export const securityModule: BarrierOf = ({ lsm }) =>
  barrier(lsm, (label) => label !== null, {
    id: "security module",
    mechanism: "lsm",
    setting: "security_opt: apparmor",
    stands: "a security module confines it",
    missing: "no security module confines it",
  });

/** It has a namespace of its own. */
export function namespace(type: NamespaceType, setting: string): BarrierOf {
  return (facts) =>
    barrier(facts.namespace(type), (sharing) => sharing.with !== "host" && sharing.with !== "daemon", {
      id: `${type} namespace`,
      mechanism: "namespace",
      setting,
      stands: `it has a ${type} namespace of its own`,
      missing: `it shares the host's ${type} namespace`,
    });
}

/** The device controller lets it use no block device. */
export const deviceCgroup: BarrierOf = ({ devices }) =>
  barrier(devices, (grants) => !grants.some(opensDisk), {
    id: "device cgroup",
    mechanism: "device-cgroup",
    setting: "devices",
    stands: "the device controller lets it use no disk",
    missing: "the device controller lets it use a disk",
  });

function opensDisk({ type, number, path }: { type: string; number: string; path: string | null }): boolean {
  if (type === "a" || type === "b") return true;
  // A declared device whose type only the host knows: names of disks tell.
  return number === "?" && /^\/dev\/(?:sd|vd|xvd|nvme|mmcblk|loop|dm-|md|mapper\/)/.test(path ?? "");
}

/** A file of /proc or /sys cannot be written. */
export function readOnlyPath(path: string): BarrierOf {
  return ({ readOnly }) =>
    barrier(readOnly(path), (value) => value, {
      id: `${path} read-only`,
      mechanism: "read-only",
      setting: "systempaths",
      stands: `${path} cannot be written`,
      missing: `${path} can be written`,
    });
}

/** Its root file system cannot be written. */
export const readOnlyRoot: BarrierOf = ({ mounts }) => {
  const root = mounts.known ? mounts.value.find(({ target }) => target === "/") : undefined;
  const known: Fact<boolean> = !mounts.known
    ? mounts
    : root === undefined
      ? { known: false, why: "its root mount was not found" }
      : { known: true, value: !root.writable, seen: root.seen };
  return barrier(known, (value) => value, {
    id: "read-only root",
    mechanism: "read-only",
    setting: "read_only",
    stands: "its root file system cannot be written",
    missing: "its root file system can be written",
  });
};

/** A limit is set. */
export function limit(kind: "memory" | "pids" | "cpu"): BarrierOf {
  const words: Words = {
    id: `${kind} limit`,
    mechanism: "limit",
    setting: `${kind} limit`,
    stands: `a ${kind} limit binds it`,
    missing: `no ${kind} limit binds it`,
  };
  return (facts) =>
    kind === "cpu"
      ? barrier(facts.cpu, (set) => set, words)
      : barrier(facts[kind], (value) => value !== null, words);
}
