import type { Seen } from "#model/finding.ts";

/** What an attacker who runs code in a container is after. */
export const TARGETS = {
  "host-root": "root on the host",
  "host-data": "data of the host",
  engine: "the container engine",
  uptime: "the host's uptime",
  containers: "other containers",
  network: "peers on the network",
  kernel: "the kernel's surface",
  root: "root in the container",
  persistence: "a foothold in the container",
} as const;

export type Target = keyof typeof TARGETS;

/** Targets from which everything else on the host follows. */
export const HOST_TARGETS: readonly Target[] = ["host-root", "engine"];

/**
 * What kind of mechanism a barrier is. Barriers of different kinds fail independently; two that one setting opens
 * (`--cap-add SYS_ADMIN` also opens system calls) have a common cause.
 */
export type Mechanism =
  | "user"
  | "no-new-privileges"
  | "capability"
  | "seccomp"
  | "lsm"
  | "user-namespace"
  | "namespace"
  | "device-cgroup"
  | "read-only"
  | "limit"
  | "socket"
  | "network";

export type BarrierState = "stands" | "missing" | "unknown";

/** One thing that stands in the way of a technique, or should. */
export interface Barrier {
  /** Names it in reports and settings: `capability CAP_SYS_ADMIN`, `user`, `/proc/sys read-only`. */
  id: string;
  mechanism: Mechanism;
  state: BarrierState;
  /** Why, as a sentence without full stop; for `unknown` what could not be read. */
  why: string;
  seen: Seen[];
  /** The setting that opens or raises it: barriers with the same one fall together. */
  setting: string;
}

/** A way by which code in a container reaches a target, as it stands for one container. */
export interface Lane {
  technique: TechniqueInfo;
  /** Whether what it needs is there at all: no socket is mounted, no other process shares the namespace. */
  structure: { there: true; why: string } | { there: false; why: string };
  barriers: Barrier[];
  /** Standing barriers on it; Infinity where the structure is missing. Unknown ones do not count as standing. */
  standing: number;
  /** Open to a process of the container as it starts: the structure is there and no barrier stands. */
  open: boolean;
}

/** What is known of a technique independent of a container. */
export interface TechniqueInfo {
  /** `release-agent`. */
  id: string;
  /** What it does, as a fact: "Runs a program as root on the host through a cgroup's release agent". */
  title: string;
  target: Target;
  /** It works for root only: a process that is not root has the barrier `user` before it. */
  needsRoot: boolean;
  /** MITRE ATT&CK for Containers. */
  mitre: string;
}

/** A way to a target that may go over several techniques. */
export interface Path {
  lanes: Lane[];
  /** Union of what stands on all of them. */
  barriers: Barrier[];
  target: Target;
}

/** How a container is held. */
export interface Isolation {
  lanes: Lane[];
  /** Fewest barriers on any path to root on the host or the engine; 0 = open now. */
  barriersToHost: number;
  /** The paths with the fewest, at most three. */
  weakest: Path[];
  /** The same per target. */
  byTarget: Partial<Record<Target, number>>;
  /** Settings of which one alone would open the way to the host, or lower it to the number given. */
  oneAway: { setting: string; leaves: number }[];
  level: "privileged" | "baseline" | "restricted";
  /** Facts that could not be read: the barriers that hang on them are unknown. */
  unknown: string[];
}

/** True if a barrier is counted. */
export function stands({ state }: Pick<Barrier, "state">): boolean {
  return state === "stands";
}
