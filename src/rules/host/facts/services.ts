import { posix } from "node:path";
import type { HostEvidence } from "#model/evidence/host.ts";

/** The first of `names` that runs on the host outside containers, null if none does. */
export function runsAny(host: HostEvidence, names: readonly string[]): string | null {
  const running = new Set(host.services.map((service) => posix.basename(service)));
  return names.find((name) => running.has(name)) ?? null;
}
