import type { Report } from "#model/report.ts";
import type { Severity } from "#model/severity.ts";
import { levelOf } from "../finding-text.ts";
import { type Issue, issuesOf } from "../issues.ts";
import { visible } from "../terminal/visible.ts";
import { xml } from "../xml-text.ts";

/**
 * Checkstyle's XML report, which most CI servers read: an element for each file, in it one for each issue. The rule
 * is the `source`, behind the tool's name as its readers expect it (`package.Check`).
 */
export default function checkstyle(report: Report): string {
  const files = new Map<string, Issue[]>();
  for (const issue of issuesOf(report)) {
    const issues = files.get(issue.path);
    if (issues === undefined) files.set(issue.path, [issue]);
    else issues.push(issue);
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<checkstyle version="4.3">',
    ...[...files].flatMap(([path, issues]) => [
      `  <file name="${attribute(path)}">`,
      ...issues.map(error),
      "  </file>",
    ]),
    "</checkstyle>\n",
  ].join("\n");
}

function error({ finding, startLine, startColumn, severity, message, id }: Issue): string {
  // A subject that stands in no file has no column, which is optional.
  const column = finding?.location ? ` column="${startColumn}"` : "";
  return `    <error line="${startLine}"${column} severity="${word(severity)}" message="${attribute(message)}" source="Seaworthy.${attribute(id)}"/>`;
}

/** Checkstyle's words (SeverityLevel): ignore, info, warning, error. */
function word(severity: Severity): "error" | "warning" | "info" {
  const level = levelOf(severity);
  return level === "note" ? "info" : level;
}

function attribute(text: string): string {
  return xml(visible(text));
}
