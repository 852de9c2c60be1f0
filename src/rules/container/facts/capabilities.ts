import type { ContainerEvidence } from "#model/evidence/container.ts";
import { actual, declared, specified } from "../../rule.ts";
import { declaredSource, type Fact, fact, nobodyKnows } from "./witness.ts";

/** Names by bit number, include/uapi/linux/capability.h. */
export const CAPABILITIES = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_DAC_READ_SEARCH",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_KILL",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SETPCAP",
  "CAP_LINUX_IMMUTABLE",
  "CAP_NET_BIND_SERVICE",
  "CAP_NET_BROADCAST",
  "CAP_NET_ADMIN",
  "CAP_NET_RAW",
  "CAP_IPC_LOCK",
  "CAP_IPC_OWNER",
  "CAP_SYS_MODULE",
  "CAP_SYS_RAWIO",
  "CAP_SYS_CHROOT",
  "CAP_SYS_PTRACE",
  "CAP_SYS_PACCT",
  "CAP_SYS_ADMIN",
  "CAP_SYS_BOOT",
  "CAP_SYS_NICE",
  "CAP_SYS_RESOURCE",
  "CAP_SYS_TIME",
  "CAP_SYS_TTY_CONFIG",
  "CAP_MKNOD",
  "CAP_LEASE",
  "CAP_AUDIT_WRITE",
  "CAP_AUDIT_CONTROL",
  "CAP_SETFCAP",
  "CAP_MAC_OVERRIDE",
  "CAP_MAC_ADMIN",
  "CAP_SYSLOG",
  "CAP_WAKE_ALARM",
  "CAP_BLOCK_SUSPEND",
  "CAP_AUDIT_READ",
  "CAP_PERFMON",
  "CAP_BPF",
  "CAP_CHECKPOINT_RESTORE",
] as const;

/** What Docker leaves a container by default: 14 capabilities, mask a80425fb (moby, oci/caps/defaults.go). */
export const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set([
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FSETID",
  "CAP_FOWNER",
  "CAP_MKNOD",
  "CAP_NET_RAW",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SETFCAP",
  "CAP_SETPCAP",
  "CAP_NET_BIND_SERVICE",
  "CAP_SYS_CHROOT",
  "CAP_KILL",
  "CAP_AUDIT_WRITE",
]);

/** The names in a mask as proc_pid_status(5) prints it; bits without a name are `CAP_<number>`. */
export function capabilitiesOf(mask: string): Set<string> {
  const names = new Set<string>();
  if (!/^[0-9a-f]{1,16}$/i.test(mask)) return names;
  // Digit by digit, from the right: a number holds 53 bits exactly, and a BigInt is slow.
  for (let digit = 0; digit < mask.length; digit += 1) {
    const bits = Number.parseInt(mask.charAt(mask.length - 1 - digit), 16);
    for (let bit = 0; bit < 4; bit += 1) {
      const number = digit * 4 + bit;
      if ((bits & (1 << bit)) !== 0) names.add(CAPABILITIES[number] ?? `CAP_${number}`);
    }
  }
  return names;
}

/** The capability sets that decide what a container can do. */
export interface CapabilityFact {
  /** Held by some process right now. */
  held: ReadonlySet<string>;
  /** The most that any process can ever get. */
  bounding: ReadonlySet<string>;
}

// Eight rules ask for the same sets. Evidence does not change while it is judged.
const workedOut = new WeakMap<ContainerEvidence, Fact<CapabilityFact>>();

/**
 * Capabilities of a container: of all its processes by the kernel, else of the OCI bundle, else as asked for.
 * A user other than root holds none unless a setuid file or file capability hands them out again, so
 * `held` and `bounding` are kept apart.
 */
export function capabilityFact(container: ContainerEvidence): Fact<CapabilityFact> {
  const known = workedOut.get(container);
  if (known !== undefined) return known;
  const capabilities = workOut(container);
  workedOut.set(container, capabilities);
  return capabilities;
}

function workOut(container: ContainerEvidence): Fact<CapabilityFact> {
  if (container.actual.ok) {
    const held = new Set<string>();
    const bounding = new Set<string>();
    let widest = { mask: "", pid: 0, size: -1 };
    for (const { capabilities, pid } of container.actual.value.processes) {
      for (const name of capabilitiesOf(capabilities.effective)) held.add(name);
      for (const name of capabilitiesOf(capabilities.permitted)) held.add(name);
      const own = capabilitiesOf(capabilities.bounding);
      for (const name of own) bounding.add(name);
      if (own.size > widest.size) widest = { mask: capabilities.bounding, pid, size: own.size };
    }
    return fact({ held, bounding }, actual(`/proc/${widest.pid}/status`, widest.mask, "CapBnd"));
  }
  if (container.specified.ok) {
    const { source, capabilities } = container.specified.value;
    const value = { held: new Set(capabilities.effective), bounding: new Set(capabilities.bounding) };
    return fact(
      value,
      specified(source, capabilities.bounding.join(" ") || "none", "process.capabilities.bounding"),
    );
  }
  if (container.declared.ok) {
    const { privileged, capAdd, capDrop, user } = container.declared.value;
    const bounding = declaredCapabilities(privileged, capAdd, capDrop);
    const root = user === "" || /^(?:0|root)(?::|$)/.test(user);
    return fact(
      { held: root ? bounding : new Set<string>(), bounding },
      declared(
        declaredSource(container),
        privileged ? "privileged" : `add [${capAdd.join(" ")}] drop [${capDrop.join(" ")}]`,
        "HostConfig.CapAdd/CapDrop",
      ),
    );
  }
  return nobodyKnows(container);
}

/** What the engine makes of the options (moby, oci/caps/utils.go): drop ALL first, privileged beats both. */
export function declaredCapabilities(
  privileged: boolean,
  capAdd: readonly string[],
  capDrop: readonly string[],
): Set<string> {
  if (privileged) return new Set(CAPABILITIES);
  const start = capAdd.includes("ALL") ? new Set<string>(CAPABILITIES) : new Set(DEFAULT_CAPABILITIES);
  const base = capDrop.includes("ALL") ? (capAdd.includes("ALL") ? start : new Set<string>()) : start;
  for (const name of capDrop) base.delete(name);
  for (const name of capAdd) if (name !== "ALL" && !capDrop.includes(name)) base.add(name);
  return base;
}
