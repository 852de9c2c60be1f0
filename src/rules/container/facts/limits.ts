import type { CgroupEvidence, ContainerEvidence } from "#model/evidence/container.ts";
import type { Seen } from "#model/finding.ts";
import { valueOr } from "#model/reading.ts";
import { actual, declared, type JudgeContext, specified } from "../../rule.ts";
import { declaredSource, type Fact, fact, nobodyKnows } from "./witness.ts";

/** What holds back a container's use of the processors; all null = nothing does. */
export interface CpuLimit {
  /** Processor time in CPUs (0.5 = half of one). */
  quota: number | null;
  /** A weight other than the default one, which counts only while the processors are busy. */
  weight: number | null;
  /** Processors that it is tied to, as cpuset(7) lists them. */
  cpuset: string | null;
}

/** The period that a CPU quota counts in unless it is changed: 100 ms (Documentation/scheduler/sched-bwc.rst). */
const CPU_PERIOD_US = 100_000;

/** The most process ids that a kernel has (PID_MAX_LIMIT, include/linux/threads.h). */
const PID_MAX = 4_194_304;

/** Default weights: cpu.shares on v1, cpu.weight on v2 (cgroup-v2.rst, "Weights"). */
const DEFAULT_WEIGHT = { 1: 1024, 2: 100 } as const;

/** Bytes of memory that a container may use, by cgroup and all its parents; null = no limit. */
export function memoryLimit(container: ContainerEvidence): Fact<number | null> {
  const cgroup = cgroupOf(container);
  if (cgroup?.memoryLimit.ok) {
    const file = cgroup.version === 1 ? "memory.limit_in_bytes" : "memory.max";
    return fact(
      cgroup.memoryLimit.value,
      limitSeen(cgroup, "memory", file, cgroup.memoryLimit.value, "bytes"),
    );
  }
  if (container.specified.ok && container.specified.value.memoryLimit !== null) {
    const { memoryLimit: limit, source } = container.specified.value;
    return fact(limit, specified(source, `${limit} bytes`, "linux.resources.memory.limit"));
  }
  if (container.declared.ok) {
    const { memory } = container.declared.value;
    const seen = declared(declaredSource(container), memory, "HostConfig.Memory");
    return memory > 0 ? fact(memory, seen) : noneUnlessInherited(container, seen);
  }
  if (container.specified.ok) {
    return fact(null, specified(container.specified.value.source, "none", "linux.resources.memory.limit"));
  }
  return nobodyKnows(container);
}

/** Processes (and threads) that a container may have, by cgroup and all its parents; null = no limit. */
export function pidsLimit(container: ContainerEvidence): Fact<number | null> {
  const cgroup = cgroupOf(container);
  if (cgroup?.pidsLimit.ok) {
    return fact(
      cgroup.pidsLimit.value,
      limitSeen(cgroup, "pids", "pids.max", cgroup.pidsLimit.value, "processes"),
    );
  }
  if (container.specified.ok && container.specified.value.pidsLimit !== null) {
    const { pidsLimit: limit, source } = container.specified.value;
    return fact(limit, specified(source, limit, "linux.resources.pids.limit"));
  }
  if (container.declared.ok) {
    const { pidsLimit: limit } = container.declared.value;
    const seen = declared(declaredSource(container), limit, "HostConfig.PidsLimit");
    return limit > 0 ? fact(limit, seen) : noneUnlessInherited(container, seen);
  }
  if (container.specified.ok) {
    return fact(null, specified(container.specified.value.source, "none", "linux.resources.pids.limit"));
  }
  return nobodyKnows(container);
}

/** What holds back a container's use of the processors. */
export function cpuLimit(container: ContainerEvidence): Fact<CpuLimit> {
  // No witness but the declaration tells of the cpuset.
  const cpuset = (container.declared.ok && container.declared.value.cpusetCpus) || null;
  const cgroup = cgroupOf(container);
  if (cgroup?.cpuLimit.ok) {
    const quota = cgroup.cpuLimit.value;
    const shares = valueOr(cgroup.cpuShares, DEFAULT_WEIGHT[cgroup.version]);
    const weight = shares === DEFAULT_WEIGHT[cgroup.version] || shares <= 0 ? null : shares;
    const seen =
      quota === null && weight === null && cpuset !== null
        ? declared(declaredSource(container), cpuset, "HostConfig.CpusetCpus")
        : quota === null && weight !== null
          ? limitSeen(cgroup, "cpu", cgroup.version === 1 ? "cpu.shares" : "cpu.weight", weight, "")
          : limitSeen(cgroup, "cpu", cgroup.version === 1 ? "cpu.cfs_quota_us" : "cpu.max", quota, "CPUs");
    return fact({ quota, weight, cpuset }, seen);
  }
  if (container.specified.ok && container.specified.value.cpuQuota !== null) {
    const { cpuQuota, source } = container.specified.value;
    return fact(
      { quota: cpuQuota / CPU_PERIOD_US, weight: null, cpuset },
      specified(source, `${cpuQuota} µs of every period`, "linux.resources.cpu.quota"),
    );
  }
  if (container.declared.ok) {
    const { nanoCpus, cpuQuota, cpuShares } = container.declared.value;
    const source = declaredSource(container);
    const quota = declaredCpus({ nanoCpus, cpuQuota });
    const weight = cpuShares > 0 && cpuShares !== DEFAULT_WEIGHT[1] ? cpuShares : null;
    const value = { quota, weight, cpuset };
    if (nanoCpus > 0) return fact(value, declared(source, nanoCpus, "HostConfig.NanoCpus"));
    if (quota !== null) return fact(value, declared(source, cpuQuota, "HostConfig.CpuQuota"));
    if (weight !== null) return fact(value, declared(source, weight, "HostConfig.CpuShares"));
    if (cpuset !== null) return fact(value, declared(source, cpuset, "HostConfig.CpusetCpus"));
    return noneUnlessInherited(container, declared(source, 0, "HostConfig.NanoCpus"), value);
  }
  if (container.specified.ok) {
    return { known: false, why: "the runtime's config.json tells no CPU weight, and nobody else was heard" };
  }
  return nobodyKnows(container);
}

/** CPUs that somebody asked for, null = no quota. A `--cpu-quota` is taken to count in the usual period. */
export function declaredCpus(asked: { nanoCpus: number; cpuQuota: number }): number | null {
  if (asked.nanoCpus > 0) return asked.nanoCpus / 1e9;
  return asked.cpuQuota > 0 ? asked.cpuQuota / CPU_PERIOD_US : null;
}

/** Bytes of memory of the machine that containers run on; null = unknown. */
export function hostMemory({ host, engine }: Pick<JudgeContext, "host" | "engine">): number | null {
  const told = engine?.info.ok && engine.info.value.memoryTotal > 0 ? engine.info.value.memoryTotal : null;
  return host === null ? told : valueOr(host.memoryTotal, told);
}

/** Processors of the machine that containers run on; null = unknown. */
export function hostCpus({ host, engine }: Pick<JudgeContext, "host" | "engine">): number | null {
  if (host !== null && host.cpus > 0) return host.cpus;
  return engine?.info.ok && engine.info.value.cpus > 0 ? engine.info.value.cpus : null;
}

/** How many process ids the machine has: a limit at or above it holds nothing back. */
export function hostPids({ host }: Pick<JudgeContext, "host">): number {
  const told = Number(valueOr(host?.sysctls["kernel.pid_max"], null));
  return Number.isInteger(told) && told > 0 ? told : PID_MAX;
}

function cgroupOf(container: ContainerEvidence): CgroupEvidence | null {
  return container.actual.ok && container.actual.value.cgroup.ok ? container.actual.value.cgroup.value : null;
}

function limitSeen(
  { paths }: CgroupEvidence,
  controller: string,
  file: string,
  limit: number | null,
  unit: string,
): Seen {
  const path = paths[controller] ?? paths[""] ?? "";
  return actual(
    `cgroup ${path} and its parents`,
    limit === null ? "no limit" : `${limit} ${unit}`.trim(),
    file,
  );
}

// A limit of the parent holds as well, and no declaration of the container tells of it.
function noneUnlessInherited(container: ContainerEvidence, seen: Seen): Fact<null>;
function noneUnlessInherited<T>(container: ContainerEvidence, seen: Seen, none: T): Fact<T>;
function noneUnlessInherited<T>(container: ContainerEvidence, seen: Seen, none: T | null = null) {
  const parent = container.declared.ok ? container.declared.value.cgroupParent : "";
  if (parent === "") return fact(none, seen);
  return {
    known: false,
    why: `it has no limit of its own, but its cgroup parent ${parent} may have one, which only the kernel tells`,
  };
}
