import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { JudgeContext } from "../../rule.ts";

/** The containers that this engine manages, running or not; the one that this very tool runs in included. */
export function containersOf(
  engine: EngineEvidence,
  { evidence }: Pick<JudgeContext, "evidence">,
): ContainerEvidence[] {
  return evidence.containers.filter((container) => container.engine === engine.name);
}

/** How many containers the engine counts of which the evidence knows nothing (one that does not answer). */
export function unseenContainers(engine: EngineEvidence, seen: readonly ContainerEvidence[]): number {
  return engine.info.ok ? Math.max(0, engine.info.value.containers - seen.length) : 0;
}

const SHOWN = 10;

/** Names for a sentence: all of a few, the first ones of many. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(", ");
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}

/** `1 container`, `2 containers`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
