import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { JudgeContext } from "#rules/rule.ts";
import { barrierFacts, type BarrierFacts } from "./facts.ts";
import { lanesOf } from "./lanes.ts";
import type { Isolation } from "./model.ts";
import { barriersByTarget, oneAway, pathsToHost } from "./paths.ts";

const MOST_PATHS = 3;

/** How a container is held: live, or as a file would start it. */
export function isolationOf(container: ContainerEvidence, context: JudgeContext): Isolation {
  return isolationFrom(barrierFacts(container, context));
}

/** The same from facts, for a plan that changes some of them. */
export function isolationFrom(facts: BarrierFacts): Isolation {
  const lanes = lanesOf(facts);
  const paths = pathsToHost(lanes);
  const unknown = lanes
    .filter(({ structure }) => structure.there)
    .flatMap(({ barriers }) => barriers.filter(({ state }) => state === "unknown"));
  return {
    lanes,
    barriersToHost: paths[0]?.barriers.length ?? Infinity,
    weakest: paths.slice(0, MOST_PATHS),
    byTarget: barriersByTarget(lanes),
    oneAway: oneAway(lanes),
    level: levelOf(facts),
    unknown: [...new Set(unknown.map(({ id, why }) => `${id}: ${why}`))],
  };
}

// Capabilities that the Baseline level lets a container add (Pod Security Standards, "Capabilities").
const BASELINE = new Set([
  "CAP_AUDIT_WRITE",
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_KILL",
  "CAP_MKNOD",
  "CAP_NET_BIND_SERVICE",
  "CAP_NET_RAW",
  "CAP_SETFCAP",
  "CAP_SETGID",
  "CAP_SETPCAP",
  "CAP_SETUID",
  "CAP_SYS_CHROOT",
]);

/** The level of the Pod Security Standards that the container keeps; what is not known is not kept. */
function levelOf(facts: BarrierFacts): Isolation["level"] {
  const { bounding, noNewPrivileges, root, mounts, seccomp } = facts;
  const own = (["pid", "ipc", "net"] as const).every((type) => {
    const sharing = facts.namespace(type);
    return sharing.known && sharing.value.with !== "host";
  });
  const noHostPath =
    mounts.known && mounts.value.every(({ hostPath, type }) => hostPath === null || type === "volume");
  const filter = seccomp("kexec_load");
  const few = bounding.known && [...bounding.value].every((name) => BASELINE.has(name));
  if (!own || !noHostPath || !few || !filter.known || filter.value) return "privileged";
  const dropped = bounding.known && [...bounding.value].every((name) => name === "CAP_NET_BIND_SERVICE");
  const restricted = dropped && noNewPrivileges.known && noNewPrivileges.value && root.known && !root.value;
  return restricted ? "restricted" : "baseline";
}
