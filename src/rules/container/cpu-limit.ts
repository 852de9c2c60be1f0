import { fail, page, pass, rule } from "../rule.ts";
import { counted, cpus } from "./facts/amounts.ts";
import { cpuLimit, hostCpus } from "./facts/limits.ts";
import { withoutKernel } from "./facts/state.ts";

export default rule({
  id: "SW-CTR-CPU",
  subject: "container",
  title: "May use all processors of the host",
  severity: "low",
  risk: "A busy loop or a coin miner inside slows down everything else on the host.",
  countermeasure:
    "Limit it to the processors that it needs (a quota), tie it to some of them, or give it a weight that counts while the host is busy.",
  remediation: {
    run: "add --cpus 0.5, with the amount that it needs",
    compose: 'set cpus: "0.50"',
    host: "docker update --cpus 0.5 NAME",
  },
  cis: ["5.12"],
  aliases: ["CL-0026", "kics:6b610c50-99fb-4ef0-a5f3-e312fd945bc3"],
  references: [
    page("Docker docs: CPU limits", "https://docs.docker.com/engine/containers/resource_constraints/#cpu"),
    page("Control group v2: CPU", "https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu"),
  ],
  examples: { bad: "docker run nginx", good: "docker run --cpus 0.5 nginx" },
  judge: (container, context) => {
    const limit = cpuLimit(container);
    if (!limit.known) return withoutKernel(container, limit.why);
    const { quota, weight, cpuset } = limit.value;
    const host = hostCpus(context);
    if (quota !== null && (host === null || quota < host)) {
      return pass(`limited to ${cpus(quota)}`, [limit.seen]);
    }
    const tied = cpuset === null ? 0 : countCpus(cpuset);
    if (tied > 0 && (host === null || tied < host)) {
      return pass(`tied to ${counted(tied, "processor", "processors")} (${cpuset})`, [limit.seen]);
    }
    if (weight !== null) return pass(`has a CPU weight of ${weight}`, [limit.seen]);
    const all = host === null ? "all processors of the host" : `all ${cpus(host)} of the host`;
    const message = quota === null ? `may use ${all}` : `its quota of ${cpus(quota)} is no less than ${all}`;
    return fail(message, [limit.seen]);
  },
});

// NR_CPUS of the largest kernels; more is no list of processors.
const MOST_CPUS = 8192;

/** How many processors a list as of cpuset(7) names (`0-1,4`); 0 for what is no list. */
export function countCpus(list: string): number {
  const named = new Set<number>();
  if (list.length > 4096) return 0;
  for (const part of list.split(",")) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (match === null) return 0;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (last - first > MOST_CPUS) return 0;
    for (let cpu = first; cpu <= last; cpu += 1) named.add(cpu);
  }
  return named.size;
}
