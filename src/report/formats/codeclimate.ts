import { hash } from "node:crypto";
import type { Report } from "#model/report.ts";
import type { Severity } from "#model/severity.ts";
import { seenText, visibleLines } from "../finding-text.ts";
import { type Issue, issuesOf } from "../issues.ts";
import { jsonText } from "../json-text.ts";
import { markdownText } from "../markdown-text.ts";
import { ruleTexts } from "../rule-texts.ts";
import { visible } from "../terminal/visible.ts";

const SEVERITY: Record<Severity, string> = {
  critical: "blocker",
  high: "critical",
  medium: "major",
  low: "minor",
  info: "info",
};

/**
 * Issues of Code Climate (its engine specification, "Issues") as one JSON array, which is also what GitLab reads as a
 * code quality report: paths from the folder that was linted, a fingerprint for each issue that no other has.
 */
export default function codeclimate(report: Report): string {
  const seen = new Map<string, number>();
  return jsonText(
    issuesOf(report).map((issue) => ({
      type: "issue",
      check_name: issue.id,
      description: issue.message,
      content: { body: body(issue) },
      categories: [category(issue)],
      location: {
        path: visible(issue.path.replace(/^(?:\.\/+)+/, "")),
        lines: { begin: issue.startLine, end: lastLine(issue) },
      },
      severity: SEVERITY[issue.severity],
      fingerprint: fingerprint(issue, seen),
    })),
  );
}

/** The end is exclusive: one before the first column of a line lies on the line above. */
function lastLine({ startLine, endLine, endColumn }: Issue): number {
  return Math.max(startLine, endColumn === 1 ? endLine - 1 : endLine);
}

/** What an issue is about, in Markdown. */
function body({ finding, message }: Issue): string {
  if (finding === null) return markdownText(message);
  const { risk, countermeasure } = ruleTexts(finding);
  return [
    markdownText(risk),
    markdownText(countermeasure),
    finding.evidence.map((seen) => `- ${markdownText(seenText(seen))}`).join("\n"),
    // An indented block of code: nothing in it can end it.
    visibleLines(finding.remediation)
      .map((line) => `    ${line}`)
      .join("\n"),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** One of the categories of the specification: rules on shell code find faults of programs, ours are on security. */
function category({ finding, id, severity }: Issue): string {
  if (finding === null || id.startsWith("SW-SH-")) return "Bug Risk";
  return severity === "info" ? "Style" : "Security";
}

/** GitLab tells issues apart by it alone, and drops the second of two that are alike. */
function fingerprint({ finding, path, message }: Issue, seen: Map<string, number>): string {
  const own = finding?.fingerprint ?? hash("sha256", `${path}\0${message}`).slice(0, 32);
  const before = seen.get(own) ?? 0;
  seen.set(own, before + 1);
  return before === 0 ? own : hash("sha256", `${own}\0${before}`).slice(0, 32);
}
