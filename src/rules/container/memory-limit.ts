import type { ContainerEvidence } from "#model/evidence/container.ts";
import { valueOr } from "#model/reading.ts";
import { type JudgeContext, fail, page, pass, rule } from "../rule.ts";
import { bytes } from "./facts/amounts.ts";
import { hostMemory, memoryLimit } from "./facts/limits.ts";
import { withoutKernel } from "./facts/state.ts";

const MIB = 2 ** 20;

export default rule({
  id: "SW-CTR-MEMORY",
  subject: "container",
  title: "May use all memory of the host",
  severity: "medium",
  risk: "One leak or one attacker inside fills the memory of the host; the kernel then kills processes of other containers, or of the host itself.",
  countermeasure:
    "Set a limit somewhat above the peak of a normal day: at the limit only this container is killed. Set the swap limit to the same value, or it may use as much swap again.",
  remediation: {
    run: "add --memory 256m --memory-swap 256m, with the amount that it needs",
    compose: "set mem_limit: 256m and memswap_limit: 256m",
    host: "docker update --memory 256m --memory-swap 256m NAME",
  },
  cis: ["5.11"],
  aliases: ["CL-0026", "kics:bb9ac4f7-e13b-423d-a010-c74a1bfbe492"],
  references: [
    page("Docker docs: memory limits", "https://docs.docker.com/engine/containers/resource_constraints/"),
    page("Control group v2: memory", "https://docs.kernel.org/admin-guide/cgroup-v2.html#memory"),
  ],
  examples: { bad: "docker run nginx", good: "docker run --memory 256m --memory-swap 256m nginx" },
  judge: (container, context) => {
    const limit = memoryLimit(container);
    if (!limit.known) return withoutKernel(container, limit.why);
    const { value, seen } = limit;
    const host = hostMemory(context);
    if (value !== null && (host === null || value < host)) {
      return pass(`limited to ${bytes(value)} of memory`, [seen]);
    }
    const all = host === null ? "" : `, which has ${bytes(host)}`;
    const message =
      value === null || host === null
        ? `may use all memory of the host${all}`
        : `its memory limit of ${bytes(value)} is no less than all memory of the host (${bytes(host)})`;
    return fail(message, [seen], remedy(container, context));
  },
});

/** The exact amount where the kernel has counted how much it took: half more than the peak. */
function remedy(container: ContainerEvidence, context: JudgeContext): { remediation?: string } {
  const asked = container.declared.ok ? container.declared.value.memory : 0;
  if (asked > 0 && asked < (hostMemory(context) ?? Infinity) && container.actual.ok) {
    return {
      remediation: `the limit of ${bytes(asked)} that was asked for is not in force: see SW-CTR-LIMITS-DRIFT`,
    };
  }
  const cgroup = container.actual.ok ? valueOr(container.actual.value.cgroup, null) : null;
  const peak = cgroup === null ? 0 : valueOr(cgroup.memoryPeak, 0);
  const amount = `${Math.max(1, Math.ceil((peak * 1.5) / (16 * MIB))) * 16}m`;
  if (peak <= 0 || container.engine === null) return {};
  return {
    remediation: [
      `docker run: add --memory ${amount} --memory-swap ${amount}`,
      `Compose: set mem_limit: ${amount} and memswap_limit: ${amount}`,
      `host: docker update --memory ${amount} --memory-swap ${amount} ${container.name}`,
      `(its peak so far is ${bytes(peak)}; ${amount} is half more)`,
    ].join("\n"),
  };
}
