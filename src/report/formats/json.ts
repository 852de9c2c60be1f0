import type { Report } from "#model/report.ts";
import { jsonText } from "../json-text.ts";

/** The documented JSON contract (docs/json-report.md, schemas/report.schema.json). */
export default function json(report: Report): string {
  return jsonText(report);
}
