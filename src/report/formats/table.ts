import type { Report } from "#model/report.ts";
import type { RenderOptions } from "../render.ts";

/** What a person reads in a terminal: the worst first, what is fine in one line. */
export default function table(report: Report, _options: RenderOptions): string {
  return report.findings
    .filter(({ verdict }) => verdict === "fail")
    .map(({ severity, subject, message, ruleId }) => `${severity} ${subject.name} ${message} ${ruleId}`)
    .join("\n");
}
