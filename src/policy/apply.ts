import type { Finding } from "#model/finding.ts";
import type { Problem } from "#model/problem.ts";
import { isAtLeast } from "#model/severity.ts";
import type { Gate } from "#model/settings.ts";
import type { Policy } from "./policy.ts";

/** What a policy makes of the findings. */
export interface PolicyResult {
  findings: Finding[];
  /** Exceptions that have expired, or that cover nothing any more. */
  notices: Problem[];
}

/** Decides which findings count, and how much. Pure: `now` (ms) decides what has expired. */
export function applyPolicy(
  findings: readonly Finding[],
  _policy: Policy,
  _baseline: ReadonlySet<string>,
  _now: number,
): PolicyResult {
  return { findings: [...findings], notices: [] };
}

/** True if a finding makes the command exit with 1: failed, not excepted, not in the baseline, at the gate. */
export function isGated(finding: Finding, gate: Gate): boolean {
  return (
    finding.verdict === "fail" &&
    finding.exception === null &&
    !finding.known &&
    gate !== "never" &&
    isAtLeast(finding.severity, gate)
  );
}
