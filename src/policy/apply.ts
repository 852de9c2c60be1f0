import type { Finding } from "#model/finding.ts";
import type { Problem } from "#model/problem.ts";
import type { Gate } from "#model/settings.ts";
import { isAtLeast, type Severity } from "#model/severity.ts";
import type { Subject } from "#model/subject.ts";
import { openExceptions } from "./exceptions.ts";
import { labelException, labelNotices } from "./label-exceptions.ts";
import { DEFAULT_FILE, type Policy, type SubjectSelection } from "./policy.ts";
import { exactness, matchesRule, matchesSubject, type RuleNames } from "./selectors.ts";

/** What a policy makes of the findings. */
export interface PolicyResult {
  findings: Finding[];
  /** Exceptions that have expired or cover nothing any more, labels that do not count, empty selections. */
  notices: Problem[];
}

/**
 * Decides which findings count, and how much. Pure: `now` (ms) decides what has expired.
 *
 * Findings of rules and subjects that the policy does not select are left out. Of the rest nothing is hidden:
 * what an exception or the baseline covers stays in the list, marked.
 *
 * @param baseline fingerprints of failures that are known and do not count
 */
export function applyPolicy(
  findings: readonly Finding[],
  policy: Policy,
  baseline: ReadonlySet<string>,
  now: number,
): PolicyResult {
  const policyName = policy.path ?? DEFAULT_FILE;
  const settings = new Map<string, Severity | "off" | undefined>();
  const subjects = new Map<Subject, boolean>();
  const exceptions = openExceptions(policy.exceptions, now);
  const kept: Finding[] = [];
  for (const finding of findings) {
    const { ruleId, subject, verdict } = finding;
    if (!settings.has(ruleId)) settings.set(ruleId, ruleSetting(finding, policy));
    const setting = settings.get(ruleId);
    if (!subjects.has(subject)) subjects.set(subject, isSelected(subject, policy.subjects));
    const covered = exceptions.cover(finding);
    if (setting === "off" || subjects.get(subject) !== true) continue;
    // A comment in the file may have accepted it before.
    const exception =
      covered ?? (policy.labelExceptions ? labelException(finding) : null) ?? finding.exception;
    if (verdict === "fail" && exception === null) exceptions.stayedOpen(finding);
    kept.push({
      ...finding,
      severity: setting ?? finding.severity,
      exception,
      known: verdict === "fail" && baseline.has(finding.fingerprint),
    });
  }
  return {
    findings: kept,
    notices: [
      ...exceptions.notices(),
      ...labelNotices(kept, policy.labelExceptions, policyName),
      ...emptyIncludes([...subjects.keys()], policy.subjects, policyName),
    ],
  };
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

/** What the policy sets for a rule: the most exact name wins, and of equally exact ones the last. */
function ruleSetting(rule: RuleNames, { only, rules }: Policy): Severity | "off" | undefined {
  if (only.length > 0 && !only.some((pattern) => matchesRule(pattern, rule))) return "off";
  let best = 1;
  let setting: Severity | "off" | undefined;
  for (const [pattern, value] of Object.entries(rules)) {
    const rank = exactness(pattern, rule);
    if (rank >= best) [best, setting] = [rank, value];
  }
  return setting;
}

/** True if the selection of a policy includes the subject, and does not exclude it. */
export function isSelected(subject: Subject, { include, exclude }: SubjectSelection): boolean {
  const matches = (pattern: string): boolean => matchesSubject(pattern, subject);
  return (include.length === 0 || include.some(matches)) && !exclude.some(matches);
}

// A misspelt name would otherwise look like a clean host.
function emptyIncludes(
  subjects: readonly Subject[],
  { include }: SubjectSelection,
  where: string,
): Problem[] {
  return include
    .filter((pattern) => !subjects.some((subject) => matchesSubject(pattern, subject)))
    .map((pattern) => ({
      what: `nothing here is selected by ${pattern}`,
      where,
      todo: "correct the pattern in subjects.include, or remove it",
    }));
}
