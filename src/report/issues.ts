import type { Finding } from "#model/finding.ts";
import type { Report } from "#model/report.ts";
import type { Severity } from "#model/severity.ts";
import { isOpen, sentence } from "./finding-text.ts";
import { visible } from "./terminal/visible.ts";

/** A complaint about a line of a file: all that formats of linters know. */
export interface Issue {
  /** The finding behind it; null for something that could not be looked at. */
  finding: Finding | null;
  /** The rule, or `incomplete` for something that could not be looked at. */
  id: string;
  severity: Severity;
  /** One line, which names the subject where the path does not. */
  message: string;
  /** The file; where there is none, what the subject is called. */
  path: string;
  /** Counting from 1; the end is exclusive. */
  startLine: number;
  startColumn: number;
  endLine: number;
  endColumn: number;
}

/**
 * What counts of a report, as issues, worst first: failed findings that no exception and no baseline covers, then
 * what could not be looked at, which must not pass for a clean file.
 */
export function issuesOf(report: Report): Issue[] {
  return [
    ...report.findings.filter(isOpen).map(issueOf),
    ...report.problems.map(({ what, where, todo }) => ({
      finding: null,
      id: "incomplete",
      severity: "medium" as const,
      message: visible(todo === "" ? what : `${what}; ${todo}`),
      path: where === "" ? "seaworthy" : where,
      ...FIRST,
    })),
  ];
}

const FIRST = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };

/** One finding as an issue, whether it counts or not. */
export function issueOf(finding: Finding): Issue {
  const { ruleId, severity, subject, location, message } = finding;
  const common = { finding, id: ruleId, severity };
  if (location === null) {
    return { ...common, message: sentence(finding), path: subject.name, ...FIRST };
  }
  // `compose.yaml:web`: the file is told by the path, the service is not.
  const within = subject.name.startsWith(`${location.path}:`)
    ? `${subject.name.slice(location.path.length + 1)}: `
    : "";
  return { ...common, message: visible(within + message), ...location };
}
