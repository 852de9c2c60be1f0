import type { Finding } from "#model/finding.ts";
import type { Problem } from "#model/problem.ts";
import { groupBy, type SubjectSection } from "../terminal/arrange.ts";
import { reasonsOf } from "../terminal/unjudged.ts";
import { html, type Markup } from "./markup.ts";
import { counted, factsText } from "./names.ts";

/** What could not be done at all. */
export function problemSection(problems: readonly Problem[]): Markup {
  if (problems.length === 0) return html``;
  return html`<section class="problems" id="problems" aria-labelledby="problems-title">
    <h2 id="problems-title">Problems</h2>
    <ul>
      ${problems.map(
        ({ what, where, todo }) =>
          html`<li>
            <strong>${what}</strong>${where === "" ? null : html` <code>${where}</code>`}${
              todo === "" ? null : html`<br />${todo}`
            }
          </li>`,
      )}
    </ul>
  </section> `;
}

/** What could not be judged, by reason. */
export function unjudgedSection(findings: readonly Finding[]): Markup {
  const reasons = reasonsOf(findings);
  if (reasons.length === 0) return html``;
  return html`<section id="not-judged" aria-labelledby="not-judged-title">
    <h2 id="not-judged-title">Not judged</h2>
    <p class="lead">What could not be read is not a pass.</p>
    <table class="list">
      <caption class="hidden">
        Reasons why something could not be judged
      </caption>
      <thead>
        <tr>
          <th scope="col">Reason</th>
          <th scope="col">Rules</th>
          <th scope="col">On</th>
        </tr>
      </thead>
      <tbody>
        ${reasons.map(
          ({ why, findings: group }) =>
            html`<tr>
              <th scope="row">${why}</th>
              <td>${ids(group)}</td>
              <td>${subjects(group)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section> `;
}

/** Subjects about which there is nothing to tell. */
export function quietSubjects(clean: readonly SubjectSection[], unjudged: readonly SubjectSection[]): Markup {
  return html`${quietList("Nothing found", clean, "✓")}${quietList("Without any verdict", unjudged, "?")}`;
}

function quietList(title: string, sections: readonly SubjectSection[], symbol: string): Markup {
  if (sections.length === 0) return html``;
  return html`<section class="quiet">
    <h3>${title}</h3>
    <ul>
      ${sections.map(
        ({ subject }) =>
          html`<li>
            <span aria-hidden="true">${symbol}</span> <strong>${subject.name}</strong>
            <span class="facts">${factsText(subject)}</span>
          </li>`,
      )}
    </ul>
  </section> `;
}

/** What is fine and what does not apply, folded. */
export function restSection(findings: readonly Finding[]): Markup {
  return html`<section id="passed" aria-labelledby="passed-title">
    <h2 id="passed-title">Passed and not applicable</h2>
    ${restList(
      findings.filter(({ verdict, exception }) => verdict === "pass" && exception === null),
      "passed",
    )}
    ${restList(
      findings.filter(({ verdict, exception }) => verdict === "not-applicable" && exception === null),
      "not applicable",
    )}
  </section> `;
}

function restList(findings: readonly Finding[], word: string): Markup {
  if (findings.length === 0) return html`<p>0 ${word}</p>`;
  const groups = groupBy(
    findings.toSorted((a, b) => (a.ruleId < b.ruleId ? -1 : a.ruleId > b.ruleId ? 1 : 0)),
    ({ ruleId, message, subject }) => [ruleId, message, subject.kind].join("\0"),
  );
  return html`<details class="chapter">
    <summary><strong>${findings.length} ${word}</strong></summary>
    <table class="list">
      <caption class="hidden">
        What ${word === "passed" ? "passed" : "does not apply"}
      </caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Rule</th>
          <th scope="col">On</th>
        </tr>
      </thead>
      <tbody>
        ${[...groups.values()].map(
          (group) =>
            html`<tr>
              <th scope="row">${group[0]?.message ?? ""}</th>
              <td>${ids(group)}</td>
              <td>${subjects(group)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details> `;
}

function ids(findings: readonly Finding[]): Markup[] {
  return [...new Set(findings.map(({ ruleId }) => ruleId))].map(
    (id, at) => html`${at === 0 ? null : " "}<code>${id}</code>`,
  );
}

function subjects(findings: readonly Finding[]): Markup {
  const names = [...new Set(findings.map(({ subject }) => subject.name))];
  const kinds = [...new Set(findings.map(({ subject }) => subject.kind))];
  if (names.length === 1) return html`${kinds[0] ?? ""} ${names[0] ?? ""}`;
  return html`${kinds.length === 1 ? counted(names.length, kinds[0] ?? "") : counted(names.length, "subject")}:
  ${names.join(", ")}`;
}
