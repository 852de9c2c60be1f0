import type { Report } from "#model/report.ts";

/** The documented JSON contract (docs/json-report.md, schemas/report.schema.json). */
export default function json(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
