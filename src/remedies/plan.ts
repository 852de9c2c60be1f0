import type { Finding } from "#model/finding.ts";
import { severityRank } from "#model/severity.ts";
import type { Fix, TextEdit } from "#model/text.ts";

/** Which fixes are wanted: those that change nothing but the fault, or also those that may change behaviour. */
export type FixMode = "safe" | "all";

/** What a round of mending does to one file. */
export interface FixPlan {
  edits: TextEdit[];
  /** What it mends, with the fix that was chosen. */
  chosen: { finding: Finding; fix: Fix }[];
}

/**
 * Chooses fixes for the open findings of one file, the worst first. Fixes whose edits touch are not taken
 * together: the later one waits for the next round, which sees the text that the first one made.
 *
 * @param path only edits of this file; a fix that also edits another one is left out
 */
export function planFixes(findings: readonly Finding[], path: string, mode: FixMode): FixPlan {
  const plan: FixPlan = { edits: [], chosen: [] };
  const open = findings
    .filter(({ verdict, exception }) => verdict === "fail" && exception === null)
    .toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity));
  const seen = new Set<string>();
  for (const finding of open) {
    const fix = finding.fixes.find(({ safety }) => mode === "all" || safety === "safe");
    if (fix === undefined || fix.edits.length === 0 || fix.edits.some((edit) => edit.path !== path)) continue;
    // Two findings may have one cause and so one fix.
    const same = JSON.stringify(fix.edits);
    if (seen.has(same)) {
      plan.chosen.push({ finding, fix });
      continue;
    }
    if (fix.edits.some((edit) => plan.edits.some((taken) => touches(edit, taken)))) continue;
    seen.add(same);
    plan.edits.push(...fix.edits);
    plan.chosen.push({ finding, fix });
  }
  return plan;
}

function touches(a: TextEdit, b: TextEdit): boolean {
  return a.start <= b.end && b.start <= a.end;
}
