import type { Compliance, Recommendation, RecommendationState } from "#model/report.ts";
import { type Canvas, detail, heading, type Mark, marked } from "./canvas.ts";
import { flow, spread } from "./flow.ts";
import { visible } from "./visible.ts";
import { displayWidth, padEnd, padStart } from "./width.ts";

/** How many recommendations are in each state. */
export type StateCounts = Record<RecommendationState, number>;

/** Counts recommendations by state. */
export function countStates(recommendations: readonly Recommendation[]): StateCounts {
  const counts: StateCounts = { pass: 0, fail: 0, unknown: 0, manual: 0, "not-applicable": 0 };
  for (const { state } of recommendations) counts[state] += 1;
  return counts;
}

interface Column {
  head: string;
  cell(counts: StateCounts): string;
}

// What stands behind title and bar.
const COLUMNS: readonly Column[] = [
  {
    head: "passed",
    cell: ({ pass, fail }) => (pass + fail === 0 ? "–" : `${pass} of ${pass + fail}`),
  },
  { head: "failed", cell: ({ fail }) => String(fail) },
  { head: "unknown", cell: ({ unknown }) => String(unknown) },
  { head: "manual", cell: ({ manual }) => String(manual) },
  { head: "n/a", cell: (counts) => String(counts["not-applicable"]) },
];
const MIN_TITLE = 12;
const MIN_BAR = 8;
const MAX_BAR = 40;

/** A benchmark by section: what was judged, what of that passed, and what was not. */
export function complianceLines(canvas: Canvas, compliance: Compliance): string[] {
  const rows = [
    ...compliance.sections.map(({ id, title, recommendations }) => ({
      id: visible(id),
      title: visible(title),
      counts: countStates(recommendations),
    })),
    {
      id: "",
      title: "all",
      counts: countStates(compliance.sections.flatMap(({ recommendations }) => recommendations)),
    },
  ];
  const idWidth = Math.max(...rows.map(({ id }) => displayWidth(id)));
  const columns = COLUMNS.map((column) => ({
    ...column,
    width: Math.max(column.head.length, ...rows.map(({ counts }) => column.cell(counts).length)),
  }));
  const numbersWidth = columns.reduce((sum, column) => sum + column.width + 2, 0);
  const free = canvas.width - 2 - idWidth - 2 - 2 - numbersWidth;
  const longest = Math.max(...rows.map(({ title }) => displayWidth(title)));
  const barWidth = Math.min(MAX_BAR, Math.max(MIN_BAR, free - longest));
  const titleWidth = free - barWidth;
  const head = columns.map((column) => padStart(column.head, column.width)).join("  ");
  const wide = titleWidth >= MIN_TITLE;
  const table = rows.flatMap(({ id, title, counts }) => {
    const cells = columns.map((column) => `  ${padStart(column.cell(counts), column.width)}`).join("");
    if (!wide) return narrowRow(canvas, id, title, counts);
    return flow([{ text: title }], titleWidth).map((line, at) =>
      at === 0
        ? `  ${padEnd(id, idWidth)}  ${padEnd(line, titleWidth)}  ${bar(canvas, counts, barWidth)}${cells}`
        : `  ${" ".repeat(idWidth)}  ${line}`,
    );
  });
  return [
    ...heading(
      canvas,
      visible(compliance.title),
      "",
      wide ? [{ text: head, paint: canvas.style.quiet }] : [],
    ),
    ...table,
    ...(canvas.verbose ? everyRecommendation(canvas, compliance) : failedIds(canvas, compliance)),
  ];
}

function narrowRow(canvas: Canvas, id: string, title: string, counts: StateCounts): string[] {
  const { style, width } = canvas;
  const { pass, fail, unknown, manual } = counts;
  const rest = [
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...(manual > 0 ? [`${manual} manual`] : []),
    ...(counts["not-applicable"] > 0 ? [`${counts["not-applicable"]} n/a`] : []),
  ].join(", ");
  return [
    ...flow([{ text: id, paint: style.quiet }, { text: title }], width - 2).map((line) => `  ${line}`),
    spread(
      `    ${bar(canvas, counts, MIN_BAR)}`,
      pass + fail === 0 ? "nothing judged" : `${pass} of ${pass + fail} passed`,
      width,
    ) ?? "",
    ...(rest === ""
      ? []
      : flow([{ text: rest, paint: style.quiet }], width - 4).map((line) => `    ${line}`)),
  ];
}

// Full for passed, hatched for failed: the two differ without colour too. Not judged stays empty.
function bar({ style }: Canvas, { pass, fail }: StateCounts, width: number): string {
  const judged = pass + fail;
  if (judged === 0) return style.quiet("·".repeat(width));
  const full = Math.round((pass / judged) * width);
  const good = pass > 0 && full === 0 ? 1 : fail > 0 && full === width ? width - 1 : full;
  return style.good("█".repeat(good)) + style.severity.high("░".repeat(width - good));
}

function failedIds(canvas: Canvas, { sections }: Compliance): string[] {
  const failed = sections.flatMap(({ recommendations }) =>
    recommendations.filter(({ state }) => state === "fail").map(({ id }) => visible(id)),
  );
  if (failed.length === 0) return [];
  const spans = [{ text: "failed:", paint: canvas.style.quiet }, { text: failed.join(", ") }];
  return flow(spans, canvas.width - 2).map((line) => `  ${line}`);
}

function everyRecommendation(canvas: Canvas, { sections }: Compliance): string[] {
  const { style } = canvas;
  const marks: Record<RecommendationState, Mark> = {
    pass: { symbol: "✓", word: "passed", paint: style.good },
    fail: { symbol: "✗", word: "failed", paint: style.severity.high },
    unknown: { symbol: "?", word: "unknown", paint: style.open },
    manual: { symbol: ">", word: "manual", paint: style.open },
    "not-applicable": { symbol: "·", word: "n/a", paint: style.quiet },
  };
  return sections.flatMap(({ recommendations }) =>
    recommendations.flatMap(({ id, title, state, ruleIds, lookAt }) => [
      ...marked(
        canvas,
        marks[state],
        [{ text: visible(id), whole: true }, { text: visible(title) }],
        ruleIds.length === 1 ? visible(ruleIds[0] ?? "") : "",
      ),
      ...(ruleIds.length > 1
        ? detail(canvas, "rules", [{ text: ruleIds.map(visible).join(", "), whole: true }])
        : []),
      ...(state === "manual" && lookAt !== "" ? detail(canvas, "look at", [{ text: visible(lookAt) }]) : []),
    ]),
  );
}
