import type { Evidence } from "#model/evidence/evidence.ts";
import { type Finding, type Verdict, VERDICTS } from "#model/finding.ts";
import type { Problem } from "#model/problem.ts";
import { type Compliance, type Report, REPORT_VERSION, type ReportSubject } from "#model/report.ts";
import type { Gate } from "#model/settings.ts";
import { SEVERITIES, type Severity } from "#model/severity.ts";
import { isGated } from "#policy/apply.ts";

/** What a report is made of. */
export interface ReportParts {
  evidence: Evidence;
  subjects: ReportSubject[];
  findings: Finding[];
  /** Problems besides those of the evidence: expired exceptions and the like. */
  notices: Problem[];
  compliance: Compliance | null;
  gate: Gate;
  /** `live`, or the evidence file. */
  source: string;
  durationMs: number;
}

// As plain objects: thousands of findings are compared some ten times each.
const VERDICT_ORDER = Object.fromEntries(VERDICTS.map((verdict, at) => [verdict, at])) as Record<
  Verdict,
  number
>;
const SEVERITY_ORDER = Object.fromEntries(SEVERITIES.map((severity, at) => [severity, at])) as Record<
  Severity,
  number
>;

/** Puts a report together: sorts the worst first and counts. */
export function buildReport(parts: ReportParts): Report {
  const findings = parts.findings.toSorted(worstFirst);
  const open = findings.filter(
    ({ verdict, exception, known }) => verdict === "fail" && exception === null && !known,
  );
  return {
    schemaVersion: REPORT_VERSION,
    tool: {
      name: "seaworthy",
      version: parts.evidence.tool.version,
      informationUri: "https://www.npmjs.com/package/seaworthy",
    },
    collectedAt: parts.evidence.collectedAt,
    source: parts.source,
    subjects: parts.subjects,
    findings,
    problems: [...parts.evidence.problems, ...parts.notices],
    compliance: parts.compliance,
    summary: {
      verdicts: count(VERDICTS, findings, ({ verdict }) => verdict) as Record<Verdict, number>,
      failed: count(SEVERITIES, open, ({ severity }) => severity) as Record<Severity, number>,
      excepted: findings.filter(({ exception }) => exception !== null).length,
      known: findings.filter(({ known }) => known).length,
      gate: parts.gate,
      gated: findings.filter((finding) => isGated(finding, parts.gate)).length,
      durationMs: Math.round(parts.durationMs),
      complete: parts.evidence.problems.length === 0,
    },
  };
}

function worstFirst(a: Finding, b: Finding): number {
  return (
    VERDICT_ORDER[a.verdict] - VERDICT_ORDER[b.verdict] ||
    SEVERITY_ORDER[b.severity] - SEVERITY_ORDER[a.severity] ||
    compare(a.subject.name, b.subject.name) ||
    compare(a.ruleId, b.ruleId) ||
    compare(a.fingerprint, b.fingerprint)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function count<K extends string>(
  keys: readonly K[],
  findings: readonly Finding[],
  keyOf: (finding: Finding) => K,
): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(keys.map((key) => [key, 0]));
  for (const finding of findings) counts[keyOf(finding)] = (counts[keyOf(finding)] ?? 0) + 1;
  return counts;
}
