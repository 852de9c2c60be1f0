import type { Span } from "./tree.ts";
import { report, slot, type Visit } from "./visit.ts";

const faults = slot(() => ({ failed: false }));

/** Notes what keeps the code from being read: it stands alone, since whatever else was found may be wrong. */
export function fail(visit: Visit, code: number, at: Span, message: string): void {
  faults(visit).failed = true;
  if (!visit.found.some((issue) => issue.code === code)) report(visit, code, at, message);
}

/** Whether the code could not be read. */
export function hasFailed(visit: Visit): boolean {
  return faults(visit).failed;
}
