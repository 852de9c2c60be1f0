import type { Compliance, Recommendation, RecommendationState } from "#model/report.ts";
import { countStates, type StateCounts } from "../terminal/compliance.ts";
import { html, type Markup } from "./markup.ts";
import { counted } from "./names.ts";

const STATES: readonly [state: RecommendationState, word: string, symbol: string][] = [
  ["pass", "passed", "✓"],
  ["fail", "failed", "✗"],
  ["unknown", "unknown", "?"],
  ["manual", "manual", ">"],
  ["not-applicable", "not applicable", "·"],
];

/** A benchmark: numbers by section, and each recommendation behind its section. */
export function complianceSection(compliance: Compliance): Markup {
  const all = countStates(compliance.sections.flatMap(({ recommendations }) => recommendations));
  return html`<section id="compliance" aria-labelledby="compliance-title">
    <h2 id="compliance-title">${compliance.title}</h2>
    <p class="lead">
      Findings of Seaworthy's own rules, mapped to the numbering of this benchmark. ${all.pass + all.fail} of
      ${counted(all.pass + all.fail + all.unknown + all.manual + all["not-applicable"], "recommendation")}
      were judged: ${all.pass} passed, ${all.fail} failed. What is manual, a person has to look at.
    </p>
    ${compliance.sections.map(
      ({ id, title, recommendations }) =>
        html`<details class="chapter">
          <summary>
            <h3>${id} ${title}</h3>
            ${stateBar(countStates(recommendations))}
          </summary>
          <table class="recommendations">
            <caption class="hidden">
              Recommendations of section ${id}
            </caption>
            <thead>
              <tr>
                <th scope="col">Id</th>
                <th scope="col">Recommendation</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              ${recommendations.map(row)}
            </tbody>
          </table>
        </details> `,
    )}
  </section> `;
}

/** A bar of all states, and the same numbers as text beside it. */
function stateBar(counts: StateCounts): Markup {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const present = STATES.filter(([state]) => counts[state] > 0);
  let x = 0;
  const parts = present.map(([state]) => {
    const width = (counts[state] / Math.max(1, total)) * 100;
    const part = html`<rect
      class="bar-${state}"
      x="${x.toFixed(2)}"
      y="0"
      width="${width.toFixed(2)}"
      height="8"
    />`;
    x += width;
    return part;
  });
  return html`<svg
      class="bar"
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      ${parts}
    </svg>
    <ul class="states">
      ${present.map(([state, word]) => html`<li class="bar-${state}"><b>${counts[state]}</b> ${word}</li>`)}
    </ul>`;
}

function row({ id, title, level, state, ruleIds, failures, lookAt }: Recommendation): Markup {
  const [, word, symbol] = STATES.find(([each]) => each === state) ?? [state, state, ""];
  const more =
    state === "fail" && failures > 1 ? html`<br /><small>on ${counted(failures, "subject")}</small>` : null;
  return html`<tr>
    <th scope="row">${id}</th>
    <td>
      ${title}${state === "manual" && lookAt !== "" ? html`<br /><small>Look at: ${lookAt}</small>` : null}<br /><small
        >Level ${level}${ruleIds.map((ruleId) => html`, <code>${ruleId}</code>`)}</small
      >
    </td>
    <td class="state-${state}"><span aria-hidden="true">${symbol}</span> ${word}${more}</td>
  </tr>`;
}
