import type { Report } from "#model/report.ts";
import { SEVERITIES } from "#model/severity.ts";
import { isOpen } from "../finding-text.ts";
import { type Canvas, detail, heading, marked, type Part, row } from "./canvas.ts";
import { isAboutFiles } from "./files.ts";
import { flow, listThatFits, paintedWidth, spread } from "./flow.ts";
import { reasonsOf } from "./unjudged.ts";
import { visible } from "./visible.ts";

/** What could not be done at all, and what to do about it. */
export function problemLines(canvas: Canvas, { problems }: Report): string[] {
  const { style } = canvas;
  return problems.flatMap(({ what, where, todo }) => [
    ...marked(canvas, { symbol: "!", word: "problem", paint: style.open }, [
      { text: visible(what), paint: style.strong },
      { text: where === "" ? "" : `(${visible(where)})`, paint: style.quiet },
    ]),
    ...(todo === "" ? [] : detail(canvas, "do", [{ text: visible(todo) }], { paint: style.good })),
  ]);
}

/** What could not be judged, by reason; beyond `most` reasons, how many more: usually they have one cause. */
export function unjudgedLines(canvas: Canvas, { findings }: Report, most: number): string[] {
  const { style, verbose, width, indent } = canvas;
  const reasons = reasonsOf(findings);
  if (reasons.length === 0) return [];
  const shown = verbose ? reasons : reasons.slice(0, most);
  const total = reasons.reduce((sum, reason) => sum + reason.findings.length, 0);
  const lines = shown.flatMap(({ why, findings: group }) => {
    const ids = [...new Set(group.map(({ ruleId }) => visible(ruleId)))];
    const tail =
      ids.length === 1 ? [] : [{ text: listThatFits(ids.map(short), width - indent, 3), paint: style.quiet }];
    return marked(
      canvas,
      { symbol: "?", word: `${group.length} ×`, paint: style.open },
      [{ text: visible(why) }, ...tail],
      ids.length === 1 ? ids[0] : "",
    );
  });
  const left = reasons.length - shown.length;
  return [
    ...heading(canvas, "not judged", "", [{ text: `${total} unknown`, paint: style.open }]),
    ...lines,
    ...(left === 0
      ? []
      : marked(canvas, { symbol: "", word: "", paint: style.quiet }, [
          { text: `and ${left} more reasons (--verbose)`, paint: style.quiet },
        ])),
  ];
}

function short(id: string): string {
  return id.replace(/^SW-/, "");
}

/** The totals, whether the gate is passed, and how long it took. */
export function totalLines(target: Canvas, report: Report): string[] {
  const { summary } = report;
  const { style, width } = target;
  const { verdicts, failed, excepted, known, gate, gated, durationMs, complete } = summary;
  const bySeverity = SEVERITIES.toReversed()
    .filter((severity) => failed[severity] > 0)
    .map((severity) => `${failed[severity]} ${severity}`);
  const sum = SEVERITIES.reduce((total, severity) => total + failed[severity], 0);
  const parts: Part[] = [
    // Rules on files tell of faults only.
    ...(isAboutFiles(report) ? [] : [{ text: `${verdicts.pass} passed`, paint: style.good }]),
    {
      text: `${sum} failed${bySeverity.length === 0 ? "" : ` (${bySeverity.join(", ")})`}`,
      paint: sum === 0 ? style.quiet : style.severity.high,
    },
  ];
  if (verdicts.unknown > 0) parts.push({ text: `${verdicts.unknown} unknown`, paint: style.open });
  const others: [count: number, words: string][] = [
    [verdicts["not-applicable"], "not applicable"],
    [excepted, "excepted"],
    [known, "in the baseline"],
  ];
  for (const [count, words] of others) {
    if (count > 0) parts.push({ text: `${count} ${words}`, paint: style.quiet });
  }
  const time = style.quiet(`${(durationMs / 1000).toFixed(2)} s`);
  const lines = row(target, parts);
  const last = spread(lines.at(-1) ?? "", time, width);
  const totals =
    last === null
      ? [...lines, " ".repeat(Math.max(0, width - paintedWidth(time))) + time]
      : [...lines.slice(0, -1), last];
  const ends: Part[] = [];
  if (gated > 0) ends.push({ text: `${gated} at or above the gate (${gate})`, paint: style.severity.high });
  if (!complete) ends.push({ text: "not complete: see the problems above", paint: style.open });
  return [...totals, ...row(target, ends)];
}

/** What a person does next. */
export function nextLines(canvas: Canvas, report: Report): string[] {
  const worst = report.findings.find(isOpen);
  const hints: [command: string, does: string][] = [];
  if (worst !== undefined) {
    hints.push([`seaworthy explain ${visible(worst.ruleId)}`, "the risk and what stops it"]);
  }
  if (!canvas.verbose && report.findings.length > 0)
    hints.push(["--verbose", "all evidence, every fix, and what passed"]);
  if (report.findings.length > 0) hints.push(["--format html > report.html", "the same as a page"]);
  const { style, width } = canvas;
  const column = Math.max(0, ...hints.map(([command]) => command.length)) + 3;
  return hints.flatMap(([command, does], at) => {
    const label = at === 0 ? "next: " : "      ";
    if (column + does.length + label.length > width) {
      return flow([{ text: command, paint: style.strong, whole: true }], width - 6).map(
        (line, row) => (row === 0 ? label : "      ") + line,
      );
    }
    return [`${label}${style.strong(command)}${" ".repeat(column - command.length)}${style.quiet(does)}`];
  });
}
