import type { Finding } from "#model/finding.ts";
import type { ReportSubject } from "#model/report.ts";
import type { Severity } from "#model/severity.ts";
import { SEVERITY_SYMBOLS } from "../terminal/style.ts";
import { html, type Markup } from "./markup.ts";

/** Severity as symbol and word; the colour only repeats it. */
export function severityBadge(severity: Severity): Markup {
  return html`<span class="badge ${severity}"
    ><span aria-hidden="true">${SEVERITY_SYMBOLS[severity]}</span> ${severity}</span
  >`;
}

/** `3 findings`, `1 finding`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** `container, nginx:1.25, running 3 h`. */
export function factsText({ kind, image, facts }: ReportSubject): string {
  const own = image === undefined || facts.some((fact) => fact.includes(image)) ? [] : [image];
  return [kind, ...own, ...facts].join(", ");
}

/** The word before a finding: its severity, or why it does not count. */
export function stateBadge({ exception, known, severity }: Finding): Markup {
  if (exception !== null) return html`<span class="badge covered">~ excepted</span>`;
  if (known) return html`<span class="badge covered">= in baseline</span>`;
  return severityBadge(severity);
}

const CIS = /^cis-docker-([\d.]+):([\d.]+)$/;

/** Other names of a rule for people; versions of a benchmark that number it alike share one. */
export function aliasNames(aliases: readonly string[]): string[] {
  const versions = new Map<string, string[]>();
  const others: string[] = [];
  for (const alias of aliases) {
    const [, version, id] = CIS.exec(alias) ?? [];
    if (version === undefined || id === undefined) others.push(alias);
    else versions.set(id, [...(versions.get(id) ?? []), version]);
  }
  return [...[...versions].map(([id, list]) => `CIS Docker ${id} (${list.join(", ")})`), ...others];
}
