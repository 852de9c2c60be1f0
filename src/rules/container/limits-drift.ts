import type { CgroupEvidence, ContainerEvidence, DeclaredContainer } from "#model/evidence/container.ts";
import type { Seen } from "#model/finding.ts";
import {
  actual,
  declared,
  fail,
  type JudgeContext,
  type Judgement,
  notApplicable,
  page,
  pass,
  rule,
  specified,
  unknown,
} from "../rule.ts";
import { isRootless } from "../host/facts/engines.ts";
import { bytes, cpus } from "./facts/amounts.ts";
import { declaredCpus, hostCpus, hostMemory, hostPids } from "./facts/limits.ts";
import { isStopped } from "./facts/state.ts";
import { declaredSource } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-LIMITS-DRIFT",
  subject: "container",
  title: "The limits in force are not those that were asked for",
  severity: "medium",
  risk: "Whoever reads the Compose file or docker inspect believes in a limit that the kernel does not apply: somebody changed the cgroup past the engine, or the engine could not set it (rootless on cgroup v1) and said nothing.",
  countermeasure:
    "Set limits through the engine only, so that they survive restarts, and run rootless engines on cgroup v2 with all controllers delegated.",
  remediation: {
    host: "docker update sets the limit again, for example docker update --memory 64m --memory-swap 64m NAME",
  },
  references: [
    page("Rootless mode: limiting resources", "https://docs.docker.com/engine/security/rootless/tips/"),
    page("Control group v2", "https://docs.kernel.org/admin-guide/cgroup-v2.html"),
  ],
  examples: {
    bad: "docker run --memory 64m IMAGE, on a rootless engine with cgroup v1",
    good: "docker run --memory 64m IMAGE, on a rootless engine with cgroup v2",
  },
  judge: (container, context) => {
    if (!container.actual.ok) {
      return isStopped(container)
        ? notApplicable("it does not run, so no limit is in force")
        : unknown(container.actual.why);
    }
    if (!container.declared.ok) return unknown(container.declared.why);
    const { cgroup } = container.actual.value;
    if (!cgroup.ok) return unknown(cgroup.why);
    const compared = comparisons(container, container.declared.value, cgroup.value, context);
    const drifted = compared.flatMap((comparison) => compare(comparison, context));
    if (drifted.length > 0) return drifted;
    const unread = compared.flatMap(({ limit }) => (limit.ok ? [] : [limit.why]));
    if (unread.length > 0) return unknown([...new Set(unread)].join("; "));
    return pass(
      "memory, processes and CPU are limited as they were asked to be",
      compared.map(({ inForce }) => inForce),
    );
  },
});

interface Comparison {
  key: "memory" | "pids" | "cpu";
  /** The limit as the sentence names it: "a memory limit of 64 MiB". */
  what: string;
  asked: { amount: number | null; seen: Seen | null };
  limit: CgroupEvidence["memoryLimit"];
  inForce: Seen;
  say: (amount: number) => string;
  /** At or above this a limit holds nothing back. */
  all: number;
  /** The kernel rounds: by how much the two may differ and still be the same. */
  slack: number;
  /** Limits that nobody asked for are the system's habit (systemd sets TasksMax=), not drift. */
  silentDefaults: boolean;
}

function comparisons(
  container: ContainerEvidence,
  asked: DeclaredContainer,
  cgroup: CgroupEvidence,
  context: JudgeContext,
): Comparison[] {
  const source = declaredSource(container);
  const given = container.specified.ok ? container.specified.value : null;
  // podman's compatible API tells 0 where podman itself has set a default.
  const pids =
    asked.pidsLimit > 0
      ? { amount: asked.pidsLimit, seen: declared(source, asked.pidsLimit, "HostConfig.PidsLimit") }
      : given !== null && given.pidsLimit !== null
        ? {
            amount: given.pidsLimit,
            seen: specified(given.source, given.pidsLimit, "linux.resources.pids.limit"),
          }
        : { amount: null, seen: null };
  const v1 = cgroup.version === 1;
  const nano = asked.nanoCpus > 0;
  return [
    {
      key: "memory",
      what: "a memory limit",
      asked: {
        amount: asked.memory > 0 ? asked.memory : null,
        seen: declared(source, asked.memory, "HostConfig.Memory"),
      },
      limit: cgroup.memoryLimit,
      inForce: inForce(cgroup, "memory", v1 ? "memory.limit_in_bytes" : "memory.max", cgroup.memoryLimit),
      say: bytes,
      all: hostMemory(context) ?? Infinity,
      // The largest page size in use (arm64, ppc64).
      slack: 65_535,
      silentDefaults: false,
    },
    {
      key: "pids",
      what: "a process limit",
      asked: pids,
      limit: cgroup.pidsLimit,
      inForce: inForce(cgroup, "pids", "pids.max", cgroup.pidsLimit),
      say: String,
      all: hostPids(context),
      slack: 0,
      silentDefaults: true,
    },
    {
      key: "cpu",
      what: "a CPU limit",
      asked: {
        amount: declaredCpus(asked),
        seen: nano
          ? declared(source, asked.nanoCpus, "HostConfig.NanoCpus")
          : declared(source, asked.cpuQuota, "HostConfig.CpuQuota"),
      },
      limit: cgroup.cpuLimit,
      inForce: inForce(cgroup, "cpu", v1 ? "cpu.cfs_quota_us" : "cpu.max", cgroup.cpuLimit),
      say: cpus,
      all: hostCpus(context) ?? Infinity,
      // A quota is told without its period: only whether there is one can be compared.
      slack: nano ? 0.01 : Infinity,
      silentDefaults: false,
    },
  ];
}

function inForce(
  { paths }: CgroupEvidence,
  controller: string,
  file: string,
  limit: CgroupEvidence["memoryLimit"],
): Seen {
  const value = limit.ok ? (limit.value ?? "no limit") : `not read: ${limit.why}`;
  return actual(`cgroup ${paths[controller] ?? paths[""] ?? ""} and its parents`, value, file);
}

function compare(comparison: Comparison, context: JudgeContext): Judgement[] {
  const { key, what, asked, limit, say, all, slack } = comparison;
  if (!limit.ok) return [];
  const evidence = [comparison.inForce, ...(asked.seen === null ? [] : [asked.seen])];
  const real = limit.value === null || limit.value >= all ? null : limit.value;
  if (asked.amount === null) {
    if (real === null || comparison.silentDefaults) return [];
    return [
      fail(`nobody asked for ${what}, but one of ${say(real)} is in force`, evidence, {
        key,
        severity: "info",
        remediation: "the limit comes from the parent cgroup; declare it at the container as well",
      }),
    ];
  }
  if (real === null) {
    if (asked.amount >= all) return [];
    return [
      fail(`${what} of ${say(asked.amount)} was asked for, but none is in force`, evidence, {
        key,
        severity: "high",
        ...rootlessRemedy(context),
      }),
    ];
  }
  if (Math.abs(real - asked.amount) <= slack) return [];
  const looser = real > asked.amount;
  return [
    fail(
      `${what} of ${say(asked.amount)} was asked for, but a ${looser ? "higher" : "lower"} one is in force: ${say(real)}`,
      evidence,
      { key, severity: looser ? "medium" : "info" },
    ),
  ];
}

function rootlessRemedy({ engine }: JudgeContext): { remediation?: string } {
  if (engine === null || isRootless(engine) !== true) return {};
  return {
    remediation:
      "host: a rootless engine limits nothing on cgroup v1, or without delegated controllers. Start the kernel with systemd.unified_cgroup_hierarchy=1 and delegate the controllers to the user: Delegate=cpu cpuset io memory pids in user@.service",
  };
}
