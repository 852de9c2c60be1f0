import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { NamespaceType, ProcessEvidence } from "#model/evidence/process.ts";
import { actual, fail, type JudgeContext, man, pass, rule } from "../rule.ts";
import { counted, listed } from "./facts/amounts.ts";
import { capabilitiesOf } from "./facts/capabilities.ts";
import { isHostNamespace } from "./facts/namespaces.ts";
import { foreignProcesses } from "./facts/processes.ts";
import { withoutKernel } from "./facts/state.ts";
import { procPath } from "./facts/witness.ts";

const TYPES: readonly NamespaceType[] = ["mnt", "pid", "net", "ipc", "uts"];

export default rule({
  id: "SW-CTR-FOREIGN-PROCESS",
  subject: "container",
  title: "A process that is not its own runs inside",
  severity: "high",
  risk: "Somebody entered the container's namespaces past the engine (nsenter, a debugging tool, an attacker on the host). Limits, capabilities and the seccomp filter of the container do not hold such a process, and the engine does not list it.",
  countermeasure:
    "Find out who started it. Enter containers through the engine (docker exec), which keeps the limits and records who did it.",
  remediation: { host: "ps -o pid,ppid,user,lstart,args -p PID shows who started it; end it" },
  references: [man("nsenter.1"), man("namespaces.7")],
  examples: { bad: "nsenter -t PID -m -p -n sh", good: "docker exec web sh" },
  judge: (container, context) => {
    if (!container.actual.ok) return withoutKernel(container, container.actual.why);
    const inside = foreignProcesses(container);
    const foreign = inside.filter((process) => isDeepest(container, process, context));
    if (foreign.length === 0) {
      return pass(
        inside.length === 0
          ? "all processes in its namespaces are its own"
          : "strangers share its namespaces only through another container, where they are told of",
        [
          actual(
            procPath(container, "ns"),
            counted(container.actual.value.processes.length, "process of its own", "processes of its own"),
          ),
        ],
      );
    }
    const groups = new Map<string, ProcessEvidence[]>();
    for (const process of foreign) {
      const group = groups.get(process.comm);
      if (group === undefined) groups.set(process.comm, [process]);
      else group.push(process);
    }
    return [...groups].map(([name, processes]) => describe(container, name, processes, context));
  },
});

function describe(
  container: ContainerEvidence,
  name: string,
  processes: readonly ProcessEvidence[],
  context: JudgeContext,
) {
  const shared = new Set(processes.flatMap((process) => sharedTypes(container, process, context)));
  const pids = listed(processes.map(({ pid }) => String(pid)));
  // Containers of a pod share namespaces by design, and their supervisor tells only of the first of them.
  const neighbour = processes.every(({ cgroupPath }) => isOtherContainer(cgroupPath, container.id));
  const caps = new Set(processes.flatMap(({ capabilities }) => [...capabilitiesOf(capabilities.effective)]));
  const names = [...caps].map((capability) => capability.slice("CAP_".length));
  const held = names.length === 0 ? "without capabilities" : `holding ${listed(names, 4)}`;
  const where = `${[...shared].join(", ")} ${shared.size === 1 ? "namespace" : "namespaces"}`;
  const whose = neighbour ? "belongs to another container that no engine told of" : "is not its own";
  return fail(
    `${name} (pid ${pids}) is in its ${where}, ${held}, and ${whose}`,
    processes.slice(0, 5).flatMap((process) => [
      actual(`/proc/${process.pid}/exe`, process.executable ?? "not read"),
      actual(`/proc/${process.pid}/cgroup`, process.cgroupPath ?? "not read"),
      actual(`/proc/${process.pid}/status`, process.capabilities.effective, "CapEff"),
      ...sharedTypes(container, process, context)
        .slice(0, 1)
        .map((type) => actual(`/proc/${process.pid}/ns/${type}`, `${type}:[${process.namespaces[type]}]`)),
    ]),
    { key: name, ...(neighbour ? { severity: "low" } : {}) },
  );
}

/** Namespaces of the container that the process is in, apart from those of the host. */
function sharedTypes(
  container: ContainerEvidence,
  { namespaces }: ProcessEvidence,
  context: JudgeContext,
): NamespaceType[] {
  if (!container.actual.ok) return [];
  const own = container.actual.value.namespaces;
  return TYPES.filter((type) => {
    const inode = own[type];
    return (
      inode !== undefined && inode === namespaces[type] && isHostNamespace(type, inode, context) !== true
    );
  });
}

/** Where containers share namespaces, whoever enters one is in the others too: told at the one that it is most in. */
function isDeepest(container: ContainerEvidence, process: ProcessEvidence, context: JudgeContext): boolean {
  const depth = sharedTypes(container, process, context).length;
  return context.evidence.containers.every(
    (other) => other.id === container.id || sharedTypes(other, process, context).length <= depth,
  );
}

function isOtherContainer(cgroupPath: string | null, id: string): boolean {
  const found = /[0-9a-f]{64}/.exec(cgroupPath ?? "");
  return found !== null && found[0] !== id;
}
