import type { Finding } from "#model/finding.ts";
import type { Fix } from "#model/text.ts";
import { applyEdits } from "#model/text-edits.ts";
import { type FixMode, planFixes } from "./plan.ts";

/** A file after mending. */
export interface Mended {
  text: string;
  /** What was mended, in order. */
  applied: { finding: Finding; fix: Fix }[];
  /** Why mending stopped early, in words; null if nothing was left to mend. */
  stopped: string | null;
}

/** What is known of a text: its findings, and how many syntax errors it has. */
export interface Judged {
  findings: readonly Finding[];
  errors: number;
}

// One fix can open the way for another (a merged RUN for --no-install-recommends); none opens many.
const MAX_ROUNDS = 10;

/**
 * Mends a text round by round until no fix of the wanted kind is left. A round that would leave more syntax errors
 * than there were is taken back: no file is ever made worse.
 *
 * @param judge finds the faults of a text of this file
 */
export function mend(
  text: string,
  { path, mode, judge }: { path: string; mode: FixMode; judge: (text: string) => Judged },
): Mended {
  const applied: Mended["applied"] = [];
  const seen = new Set([text]);
  let current = text;
  let judged = judge(current);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const plan = planFixes(judged.findings, path, mode);
    if (plan.edits.length === 0) return { text: current, applied, stopped: null };
    const next = applyEdits(current, plan.edits);
    // A fix that changes nothing, or two that undo each other.
    if (seen.has(next)) return { text: current, applied, stopped: "fixes undo each other" };
    const after = judge(next);
    if (after.errors > judged.errors) {
      return { text: current, applied, stopped: "a fix would break the file and was left out" };
    }
    seen.add(next);
    applied.push(...plan.chosen);
    current = next;
    judged = after;
  }
  return { text: current, applied, stopped: `stopped after ${MAX_ROUNDS} rounds` };
}
