import type { Finding, Seen } from "#model/finding.ts";
import type { Report } from "#model/report.ts";
import { isAtLeast, type Severity } from "#model/severity.ts";
import { visible } from "./terminal/visible.ts";

/** True for a finding that counts: failed, covered by no exception, not in the baseline. */
export function isOpen({ verdict, exception, known }: Finding): boolean {
  return verdict === "fail" && exception === null && !known;
}

/** What is wrong with what, in one line: `container web: shares the host's process ids`. */
export function sentence({ subject, message }: Finding): string {
  return visible(`${subject.kind} ${subject.name}: ${message}`);
}

/** One thing that was seen, in one line: `actual /proc/812/status CapEff: 000001ffffffffff`. */
export function seenText({ witness, source, path, value }: Seen): string {
  return visible(`${witness} ${source}${path === undefined ? "" : ` ${path}`}: ${value}`);
}

/** The text line by line, each with everything written out that a terminal would obey. */
export function visibleLines(text: string): string[] {
  return text === "" ? [] : text.split(/\r\n|\r|\n/).map(visible);
}

/** Why a failed finding does not count, in one line; null if it does. */
export function whyNotCounted({ exception, known }: Finding): string | null {
  if (exception !== null) {
    const by = exception.owner === undefined ? "" : `, by ${exception.owner}`;
    const until = exception.expires === undefined ? "" : `, until ${exception.expires}`;
    return visible(`excepted: ${exception.reason}${by}${until} (${exception.source})`);
  }
  return known ? "known: stands in the baseline" : null;
}

/** The three levels that build servers and SARIF know. */
export function levelOf(severity: Severity): "error" | "warning" | "note" {
  if (isAtLeast(severity, "high")) return "error";
  return severity === "medium" ? "warning" : "note";
}

/** The outcome at the gate: `3 findings at or above high`. */
export function gateText({ summary: { gate, gated, failed } }: Report): string {
  if (gate === "never") {
    return `${plural(Object.values(failed).reduce((sum, count) => sum + count, 0))} (no gate)`;
  }
  return gated === 0 ? `nothing at or above ${gate}` : `${plural(gated)} at or above ${gate}`;
}

function plural(count: number): string {
  return `${count} finding${count === 1 ? "" : "s"}`;
}
