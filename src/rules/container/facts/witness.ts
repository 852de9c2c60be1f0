import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { Seen } from "#model/finding.ts";

/** A fact with the most truthful witness at hand, or the reason why nobody could tell. */
export type Fact<T> = { known: true; value: T; seen: Seen } | { known: false; why: string };

/** A fact that a witness tells. */
export function fact<T>(value: T, seen: Seen): Fact<T> {
  return { known: true, value, seen };
}

/** Why a fact is not known: the reasons of all witnesses that were asked, most truthful first. */
export function nobodyKnows(container: ContainerEvidence): { known: false; why: string } {
  const reasons = [container.actual, container.specified, container.declared]
    .filter((reading) => !reading.ok)
    .map((reading) => (reading.ok ? "" : reading.why));
  return { known: false, why: [...new Set(reasons)].join("; ") || "no witness tells of it" };
}

/** Path of a file below the /proc folder of the container's first process, for the source of evidence. */
export function procPath(container: ContainerEvidence, file: string): string {
  return container.actual.ok ? `/proc/${container.actual.value.initPid}/${file}` : `/proc/…/${file}`;
}

/** How findings name the declaration: `docker inspect web`, or the Compose file it comes from. */
export function declaredSource(container: ContainerEvidence): string {
  return container.declared.ok ? container.declared.value.source : "declaration";
}
