import type { Report } from "#model/report.ts";
import { page } from "../html/page.ts";

/** One self-contained page for people: no script, nothing loaded from elsewhere, light and dark, prints well. */
export default function html(report: Report): string {
  return `${page(report).markup}\n`;
}
