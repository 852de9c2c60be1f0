import type { Finding } from "#model/finding.ts";
import { SEVERITIES, type Severity, severityRank } from "#model/severity.ts";
import { keyOf, MANY, type SharedSection, type SubjectSection, type Tally } from "../terminal/arrange.ts";
import { findingCard, sharedCard } from "./finding.ts";
import { html, type Markup } from "./markup.ts";
import { counted, factsText, severityBadge } from "./names.ts";

/** A section of findings, as page and table of contents know it. */
export interface Chapter {
  anchor: string;
  section: SharedSection | SubjectSection;
  /** The worst that it tells of; null if there is nothing open. */
  worst: Severity | null;
}

/** Gives each section an anchor of its own; names of subjects are not fit for that. */
export function chaptersOf(sections: readonly (SharedSection | SubjectSection)[]): Chapter[] {
  return sections.map((section, at) => ({
    anchor: `subject-${at + 1}`,
    section,
    worst: SEVERITIES.findLast((severity) => section.tally[severity] > 0) ?? null,
  }));
}

/** How many of the worst findings stand open from the start: as many as people read at once. */
const OPEN = 10;

/** All sections with their findings. */
export function findingSections(chapters: readonly Chapter[]): Markup[] {
  const anchors = new Map(
    chapters.flatMap(({ section, anchor }) =>
      section.type === "subject" ? [[keyOf(section.subject), anchor] as const] : [],
    ),
  );
  const anchorOf = ({ subject }: Finding): string | null => anchors.get(keyOf(subject)) ?? null;
  let left = OPEN;
  const opens = (severity: Severity): boolean => {
    if (severityRank(severity) < severityRank("high") || left === 0) return false;
    left -= 1;
    return true;
  };
  return chapters.map(({ anchor, section, worst }) => {
    const cards =
      section.type === "shared"
        ? section.shared.map((shared) => sharedCard(shared, opens(shared.severity), anchorOf))
        : [
            ...section.open.map((finding) => findingCard(finding, opens(finding.severity))),
            ...[...section.excepted, ...section.known].map((finding) => findingCard(finding, false)),
          ];
    return html`<section
      class="subject has-${worst ?? "covered"}"
      id="${anchor}"
      aria-labelledby="${anchor}-name"
    >
      <header>
        <h3 id="${anchor}-name">${titleOf(section)}</h3>
        <p class="facts">${factsOf(section)}</p>
        ${tallyList(section.tally)}
      </header>
      ${section.type === "subject" ? alsoShared(section, chapters) : null} ${cards}
    </section> `;
  });
}

/** What a section is called. */
export function titleOf(section: SharedSection | SubjectSection): string {
  return section.type === "shared" ? `Many ${section.kind}s` : section.subject.name;
}

function factsOf(section: SharedSection | SubjectSection): string {
  return section.type === "shared"
    ? `found on ${MANY} or more of ${counted(section.total, section.kind)}, told once`
    : factsText(section.subject);
}

// A container's section names what it shares with many, so that nothing seems to be missing there.
function alsoShared({ shared, subject }: SubjectSection, chapters: readonly Chapter[]): Markup {
  const chapter = chapters.find(
    ({ section }) => section.type === "shared" && section.kind === subject.kind && shared.length > 0,
  );
  if (chapter === undefined) return html``;
  const link = html`<a href="#${chapter.anchor}">${counted(shared.length, "finding")}</a>`;
  return html`<p class="also">Besides these: ${link} that it shares with other ${subject.kind}s.</p>`;
}

/** Open findings by severity: `1 critical`, `2 high`. */
export function tallyList(tally: Tally): Markup {
  const present = SEVERITIES.toReversed().filter((severity) => tally[severity] > 0);
  if (present.length === 0) return html``;
  return html`<ul class="tally">
    ${present.map((severity) => html`<li><b>${tally[severity]}</b> ${severityBadge(severity)}</li>`)}
  </ul>`;
}
