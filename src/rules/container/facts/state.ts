import type { ContainerEvidence } from "#model/evidence/container.ts";
import { type Judgement, notApplicable, unknown } from "../../rule.ts";

type Known = Pick<ContainerEvidence, "state" | "declaredIn">;

/** States of containers without processes, as Docker and podman call them. */
const STOPPED = new Set(["created", "configured", "initialized", "exited", "stopped", "dead", "removing"]);

/** What is said of whatever shows only while a container runs, where a file declares one that need not. */
export const NOT_YET = "nothing runs yet: only a running container shows it";

/** True if the container was read from a file: no engine and no kernel can tell of it. */
export function isOnlyDeclared({ declaredIn }: Pick<ContainerEvidence, "declaredIn">): boolean {
  return declaredIn !== undefined;
}

/** True if the container has no processes that the kernel could tell of. */
export function isStopped(container: Known): boolean {
  return STOPPED.has(container.state) || isOnlyDeclared(container);
}

/** What a rule says that needs the kernel and has no answer from it: a stopped container has nothing to judge. */
export function withoutKernel(container: Known, why: string): Judgement {
  if (isOnlyDeclared(container)) return notApplicable(NOT_YET);
  return isStopped(container) ? notApplicable("it does not run") : unknown(why);
}

/**
 * The verdict on what a privileged container has in any case, where a file asks for one: there it is one word in
 * one line, and one finding tells it. null = the file asks for nothing of the kind.
 */
export function broughtByPrivileged({ declared, declaredIn }: ContainerEvidence): Judgement | null {
  if (declaredIn === undefined || !declared.ok || !declared.value.privileged) return null;
  return notApplicable("privileged brings it: see SW-CTR-PRIVILEGED");
}
