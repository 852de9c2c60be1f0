import type { Report } from "#model/report.ts";
import { levelOf } from "../finding-text.ts";
import { issuesOf } from "../issues.ts";
import { visible } from "../terminal/visible.ts";

/**
 * A line for each issue as compilers write it (GNU Coding Standards, "Formatting Error Messages"), which editors and
 * CI log readers turn into links: `Dockerfile:3:1: warning: … [SW-DF-…]`.
 */
export default function gnu(report: Report): string {
  const lines = issuesOf(report).map(
    ({ path, startLine, startColumn, severity, message, id }) =>
      `${visible(path)}:${startLine}:${startColumn}: ${levelOf(severity)}: ${message} [${visible(id)}]`,
  );
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}
