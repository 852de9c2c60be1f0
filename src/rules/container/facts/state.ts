import type { ContainerEvidence } from "#model/evidence/container.ts";
import { type Judgement, notApplicable, unknown } from "../../rule.ts";

/** States of containers without processes, as Docker and podman call them. */
const STOPPED = new Set(["created", "configured", "initialized", "exited", "stopped", "dead", "removing"]);

/** True if the container has no processes that the kernel could tell of. */
export function isStopped({ state }: Pick<ContainerEvidence, "state">): boolean {
  return STOPPED.has(state);
}

/** What a rule says that needs the kernel and has no answer from it: a stopped container has nothing to judge. */
export function withoutKernel(container: Pick<ContainerEvidence, "state">, why: string): Judgement {
  return isStopped(container) ? notApplicable("it does not run") : unknown(why);
}
