import type { Finding, Seen } from "#model/finding.ts";
import { ruleTexts } from "../rule-texts.ts";
import type { SharedFinding } from "../terminal/arrange.ts";
import { lowerFirst } from "../terminal/finding.ts";
import { stepsOf } from "../terminal/remedy.ts";
import { breakable, html, lines, type Markup } from "./markup.ts";
import { aliasNames, counted, severityBadge, stateBadge } from "./names.ts";

/** One failed finding: what is wrong in its first line, all that is known behind it. */
export function findingCard(finding: Finding, open: boolean): Markup {
  const counts = finding.exception === null && !finding.known;
  return card({
    kind: counts ? finding.severity : "covered",
    open,
    badge: stateBadge(finding),
    message: html`${finding.message}`,
    finding,
    evidence: html`${exceptionNote(finding)}${place(finding)}${evidenceTable(finding.evidence)}`,
  });
}

/** A finding that many subjects share: told once, each subject with its own evidence. */
export function sharedCard(
  shared: SharedFinding,
  open: boolean,
  anchorOf: (finding: Finding) => string | null,
): Markup {
  const [first] = shared.findings;
  if (first === undefined) return html``;
  const alike = shared.findings.every(({ message }) => message === first.message);
  return card({
    kind: shared.severity,
    open,
    badge: severityBadge(shared.severity),
    message: html`${alike ? first.message : lowerFirst(first.title)}
      <span class="on">on ${counted(shared.subjects.length, shared.subjects[0]?.kind ?? "subject")}</span>`,
    finding: first,
    evidence: sharedEvidence(shared, sharedTable(shared.findings, alike, anchorOf)),
  });
}

interface Card {
  kind: string;
  open: boolean;
  badge: Markup;
  message: Markup;
  /** Whose rule and remediation are shown. */
  finding: Finding;
  evidence: Markup;
}

function card({ kind, open, badge, message, finding, evidence }: Card): Markup {
  const { risk, countermeasure, references } = ruleTexts(finding);
  const links = references.filter(({ url }) => url !== undefined && /^https?:\/\//.test(url));
  return html`<details class="finding is-${kind}" ${open ? html` open` : null}>
    <summary>
      ${badge}
      <h4>${message}</h4>
      <code class="id">${finding.ruleId}</code>
    </summary>
    <div class="body">
      ${evidence} ${fix(finding)}
      ${
        risk === ""
          ? null
          : html`<div class="why">
              <div>
                <h5>Risk</h5>
                <p>${risk}</p>
              </div>
              <div>
                <h5>Countermeasure</h5>
                <p>${countermeasure}</p>
              </div>
            </div>`
      }
      ${chips(finding.aliases)}
      ${
        links.length === 0
          ? null
          : html`<p class="more">
              Read more:
              ${links.map(
                ({ title, url }, at) =>
                  html`${at === 0 ? null : ", "}<a href="${url ?? ""}" rel="noreferrer">${title}</a>`,
              )}
            </p>`
      }
    </div>
  </details> `;
}

function evidenceTable(evidence: readonly Seen[]): Markup {
  if (evidence.length === 0) return html``;
  return html`<table class="evidence">
    <caption>
      Evidence
    </caption>
    <thead>
      <tr>
        <th scope="col">Witness</th>
        <th scope="col">Where</th>
        <th scope="col">Value</th>
      </tr>
    </thead>
    <tbody>
      ${evidence.map(
        (seen) =>
          html`<tr>
            ${seenCells(seen)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function seenCells({ witness, source, path, value }: Seen): Markup {
  return html`<td>${witness}</td>
    <td>
      <code>${breakable(source)}</code
      >${path === undefined ? null : html` <code class="path">${breakable(path)}</code>`}
    </td>
    <td><code>${breakable(value)}</code></td>`;
}

// More rows than this hide the fix below them.
const MOST_ROWS = 8;

function sharedEvidence({ subjects, findings }: SharedFinding, table: Markup): Markup {
  if (findings.length <= MOST_ROWS) return table;
  return html`<details class="inner">
    <summary>Evidence on ${subjects.map(({ name }) => name).join(", ")}</summary>
    ${table}
  </details>`;
}

function sharedTable(
  findings: readonly Finding[],
  alike: boolean,
  anchorOf: (finding: Finding) => string | null,
): Markup {
  return html`<table class="evidence shared">
    <caption>
      Evidence
    </caption>
    <thead>
      <tr>
        <th scope="col">Subject</th>
        <th scope="col">Witness</th>
        <th scope="col">Where</th>
        <th scope="col">Value</th>
      </tr>
    </thead>
    ${findings.map((finding) => {
      const anchor = anchorOf(finding);
      const name = html`${
        anchor === null
          ? html`${finding.subject.name}`
          : html`<a href="#${anchor}">${finding.subject.name}</a>`
      }${alike ? null : html`<br /><span class="said">${finding.message}</span>`}`;
      const [first, ...rest] = finding.evidence;
      const head = html`<th scope="rowgroup" rowspan="${Math.max(1, finding.evidence.length)}">${name}</th>`;
      return html`<tbody>
        <tr>
          ${head}${first === undefined ? html`<td colspan="3">–</td>` : seenCells(first)}
        </tr>
        ${rest.map(
          (seen) =>
            html`<tr>
              ${seenCells(seen)}
            </tr>`,
        )}
      </tbody>`;
    })}
  </table>`;
}

function place({ location }: Finding): Markup {
  if (location === null) return html``;
  const { path, startLine, startColumn } = location;
  return html`<p class="place">At <code>${path}:${startLine}:${startColumn}</code></p>`;
}

function exceptionNote({ exception }: Finding): Markup {
  if (exception === null) return html``;
  const { reason, owner, expires, source } = exception;
  return html`<p class="note">
    <strong>Excepted:</strong> ${reason}${owner === undefined ? null : `, by ${owner}`}${
      expires === undefined ? null : `, until ${expires}`
    }
    (<code>${source}</code>)
  </p>`;
}

function fix({ remediation }: Finding): Markup {
  const steps = stepsOf(remediation);
  if (steps.length === 0) return html``;
  return html`<div class="fix">
    <h5>Fix</h5>
    ${steps.map(
      (step) =>
        html`<div class="step">
          ${step.place === null ? null : html`<span class="where">${step.place}</span>`}
          <pre><code>${lines(step.lines)}</code></pre>
        </div>`,
    )}
  </div>`;
}

function chips(aliases: readonly string[]): Markup {
  const names = aliasNames(aliases);
  if (names.length === 0) return html``;
  return html`<ul class="chips" aria-label="Maps to">
    ${names.map((name) => html`<li>${name}</li>`)}
  </ul>`;
}
