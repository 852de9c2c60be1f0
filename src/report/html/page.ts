import { createHash } from "node:crypto";
import type { Report } from "#model/report.ts";
import { SEVERITIES } from "#model/severity.ts";
import { arrange } from "../terminal/arrange.ts";
import { SEVERITY_SYMBOLS } from "../terminal/style.ts";
import { complianceSection } from "./compliance.ts";
import { problemSection, quietSubjects, restSection, unjudgedSection } from "./lists.ts";
import { html, type Markup, raw } from "./markup.ts";
import { counted, severityBadge } from "./names.ts";
import { type Chapter, chaptersOf, findingSections, titleOf } from "./sections.ts";
import { STYLE } from "./style.ts";

// No script, no request to anywhere: a text that somehow became markup could do neither.
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'`;

// In one piece, because the hash holds for exactly what stands between the tags.
const STYLE_ELEMENT = raw(`<style>${STYLE}</style>`);

/** The whole report as one page that needs nothing besides itself. */
export function page(report: Report): Markup {
  const { sections, onlyShared, clean, unjudged } = arrange(report, true);
  const hasOwn = ({ open, excepted, known }: (typeof clean)[number]): boolean =>
    open.length + excepted.length + known.length > 0;
  const chapters = chaptersOf([...sections, ...onlyShared.filter(hasOwn), ...clean.filter(hasOwn)]);
  const title = titleText(report);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${raw(POLICY)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="generator" content="seaworthy ${report.tool.version}" />
        <title>${title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <a class="skip" href="#findings">Skip to the findings</a>
        ${head(report, title)}
        <main>
          ${problemSection(report.problems)} ${summary(report)}
          <div class="columns">
            ${contents(report, chapters)}
            <div class="content">
              <section id="findings" aria-labelledby="findings-title">
                <h2 id="findings-title">Findings</h2>
                ${chapters.length === 0 ? html`<p class="lead">Nothing was found.</p>` : filter()}
                ${findingSections(chapters)}
                ${quietSubjects(
                  clean.filter((section) => !hasOwn(section)),
                  unjudged,
                )}
              </section>
              ${unjudgedSection(report.findings)}
              ${report.compliance === null ? null : complianceSection(report.compliance)}
              ${restSection(report.findings)}
            </div>
          </div>
        </main>
        <footer>
          <p>
            Made by
            <a href="${report.tool.informationUri}" rel="noreferrer">${report.tool.name}</a>
            ${report.tool.version} in ${(report.summary.durationMs / 1000).toFixed(2)} s. More about a rule:
            <code>seaworthy explain</code> and its id.
          </p>
        </footer>
      </body>
    </html> `;
}

function titleText({ subjects, source }: Report): string {
  const host = subjects.find(({ kind }) => kind === "host") ?? subjects.find(({ kind }) => kind === "engine");
  if (host !== undefined) return `Security report of ${host.name}`;
  const names = subjects.filter(({ kind }) => kind === "container").map(({ name }) => name);
  // The host itself was not asked for: then the report is about what was.
  if (names.length > 0 && names.length <= 3) return `Security report of ${names.join(", ")}`;
  return source === "live" ? "Security report" : `Security report of ${source}`;
}

const MARK = raw(
  '<svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false"><path d="M5 18h22l-3.4 6.2a3 3 0 0 1-2.6 1.6H11a3 3 0 0 1-2.6-1.6z" fill="currentColor"/><path d="M9 16V9.5h5V16zm7 0V6h7v10z" fill="currentColor" opacity=".55"/><path d="M3 29.2c2.2 0 2.2-1.2 4.3-1.2s2.2 1.2 4.3 1.2 2.2-1.2 4.4-1.2 2.2 1.2 4.3 1.2 2.2-1.2 4.4-1.2 2.1 1.2 4.3 1.2" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/></svg>',
);

function head(report: Report, title: string): Markup {
  const { collectedAt, source, tool, summary: totals } = report;
  const when = new Date(collectedAt);
  const time = Number.isNaN(when.getTime())
    ? html`${collectedAt}`
    : html`<time datetime="${when.toISOString()}">${when.toUTCString()}</time>`;
  const gate =
    totals.gate === "never"
      ? html`<p class="gate">no gate</p>`
      : totals.gated === 0
        ? html`<p class="gate good">
            <span aria-hidden="true">✓</span> nothing at or above the gate (${totals.gate})
          </p>`
        : html`<p class="gate bad">
            <span aria-hidden="true">✗</span> ${counted(totals.gated, "finding")} at or above the gate
            (${totals.gate})
          </p>`;
  return html`<header class="top">
    <div class="brand">${MARK}<span>Seaworthy</span></div>
    <h1>${title}</h1>
    ${gate}
    ${totals.complete ? null : html`<p class="gate open"><span aria-hidden="true">?</span> not complete: see the problems</p>`}
    <dl class="meta">
      <div>
        <dt>Evidence of</dt>
        <dd>${time}</dd>
      </div>
      <div>
        <dt>Source</dt>
        <dd>${source === "live" ? "this host, live" : source}</dd>
      </div>
      <div>
        <dt>Judged</dt>
        <dd>${subjectCounts(report)}</dd>
      </div>
      <div>
        <dt>Tool</dt>
        <dd>${tool.name} ${tool.version}</dd>
      </div>
    </dl>
  </header> `;
}

function subjectCounts({ subjects }: Report): string {
  const counts = new Map<string, number>();
  for (const { kind } of subjects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => counted(count, kind)).join(", ") || "nothing";
}

function summary({ summary: { failed, verdicts, excepted, known } }: Report): Markup {
  const counts: [count: number, symbol: string, words: string][] = [
    [verdicts.pass, "✓", "passed"],
    [verdicts.unknown, "?", "unknown"],
    [verdicts["not-applicable"], "·", "not applicable"],
    [excepted, "~", "excepted"],
    [known, "=", "in the baseline"],
  ];
  const others = counts.filter(([count], at) => at < 2 || count > 0);
  return html`<section aria-labelledby="summary-title">
    <h2 id="summary-title" class="hidden">Summary</h2>
    <ul class="tiles">
      ${SEVERITIES.toReversed().map(
        (severity) =>
          html`<li class="tile ${failed[severity] === 0 ? "none" : severity}">
            <b>${failed[severity]}</b
            ><span><span aria-hidden="true">${SEVERITY_SYMBOLS[severity]}</span> ${severity}</span>
          </li>`,
      )}
    </ul>
    <ul class="others">
      ${others.map(
        ([count, symbol, words]) =>
          html`<li><span aria-hidden="true">${symbol}</span> <b>${count}</b> ${words}</li>`,
      )}
    </ul>
  </section> `;
}

function contents(report: Report, chapters: readonly Chapter[]): Markup {
  const links: [anchor: string, title: string][] = [];
  if (report.problems.length > 0) links.push(["problems", "Problems"]);
  if (report.summary.verdicts.unknown > 0) links.push(["not-judged", "Not judged"]);
  if (report.compliance !== null) links.push(["compliance", report.compliance.title]);
  links.push(["passed", "Passed and not applicable"]);
  return html`<nav class="contents" aria-labelledby="contents-title">
    <h2 id="contents-title">Contents</h2>
    <ol>
      ${chapters.map(
        ({ anchor, section, worst }) =>
          html`<li class="has-${worst ?? "covered"}">
            <a href="#${anchor}">${titleOf(section)}</a> ${worst === null ? null : severityBadge(worst)}
          </li>`,
      )}
    </ol>
    <ul>
      ${links.map(([anchor, title]) => html`<li><a href="#${anchor}">${title}</a></li>`)}
    </ul>
  </nav>`;
}

const FILTERS = [
  ["all", "all"],
  ["medium", "medium and above"],
  ["high", "high and above"],
  ["critical", "critical"],
] as const;

// Works without script: the style hides what the chosen one leaves out.
function filter(): Markup {
  return html`<fieldset class="filter">
    <legend>Show</legend>
    ${FILTERS.map(
      ([value, words]) =>
        html`<label
          ><input
            type="radio"
            name="show"
            id="show-${value}"
            value="${value}"
            ${value === "all" ? html` checked` : null}
          /><span>${words}</span></label
        >`,
    )}
  </fieldset>`;
}
