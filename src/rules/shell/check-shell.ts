import type { ShellBody } from "#model/evidence/shell.ts";
import type { ShellIssue } from "./issue.ts";
import { hasFailed } from "./faults.ts";
import { ALL_CHECKS } from "./checks/index.ts";
import { startVisit, walk, type ShellOptions } from "./visit.ts";

/**
 * Judges shell code as ShellCheck does, for the codes that {@link LEVELS} lists: one walk over the tree, in order
 * of the places found. Bodies in a language that we do not read have no findings.
 */
export function checkShell(body: ShellBody, options: ShellOptions): ShellIssue[] {
  if (body.script === null) return [];
  const visit = startVisit(body, options);
  try {
    walk(visit, ALL_CHECKS);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // hostile nesting: what was found so far counts
  }
  const found = hasFailed(visit) ? visit.found.filter(({ code }) => code < 2000) : visit.found;
  return found.toSorted((a, b) => a.range.start - b.range.start || a.code - b.code);
}
