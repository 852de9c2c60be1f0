import type { Finding } from "#model/finding.ts";
import type { ReportSubject } from "#model/report.ts";
import { SEVERITIES, type Severity } from "#model/severity.ts";
import { groupBy, MANY, type SharedSection, type SubjectSection, type Tally } from "./arrange.ts";
import { type Canvas, detail, heading, type Mark, marked, type Part } from "./canvas.ts";
import { type Detail, findingLines, REPEATED, repeatedLines, sharedLines } from "./finding.ts";
import { listThatFits } from "./flow.ts";
import { visible } from "./visible.ts";
import { displayWidth } from "./width.ts";

/** How much is shown of each severity; null folds its findings into one line of ids. */
export type Details = Record<Severity, Detail | null>;

/** What one subject has: heading, findings, and what is folded. */
export function subjectLines(canvas: Canvas, section: SubjectSection, details: Details): string[] {
  const { subject, open, tally } = section;
  const rules = groupBy(open, ({ ruleId, severity }) => `${ruleId} ${severity}`);
  const shown = [...rules.values()].flatMap((group) => {
    const show = details[group[0]?.severity ?? "info"];
    if (show === null) return [];
    if (show.merge && group.length >= REPEATED) return repeatedLines(canvas, group, show);
    return group.flatMap((finding) => findingLines(canvas, finding, show));
  });
  return [
    ...heading(canvas, visible(subject.name), factsOf(subject), tallyParts(canvas, tally)),
    ...shown,
    ...foldedLines(canvas, open, details),
    ...coveredLines(canvas, section),
    ...(canvas.verbose ? verdictLines(canvas, section) : []),
  ];
}

/** What many subjects have in common, and which of them have nothing else. */
export function sharedSectionLines(canvas: Canvas, section: SharedSection, details: Details): string[] {
  const { kind, shared, total, nothingElse, tally } = section;
  const shown = shared.flatMap((each) => {
    const show = details[each.severity];
    return show === null ? [] : sharedLines(canvas, each, show);
  });
  const facts = `found on ${MANY} or more of ${total}`;
  const rest = `${nothingElse.length === total ? "none of them has anything" : `${nothingElse.length} of them have nothing`} else at or above medium`;
  return [
    ...heading(canvas, `${kind}s`, facts, tallyParts(canvas, tally)),
    ...shown,
    ...foldedLines(
      canvas,
      shared.flatMap(({ findings }) => findings),
      details,
    ),
    ...(nothingElse.length === 0
      ? []
      : marked(canvas, { symbol: "✓", word: "besides", paint: canvas.style.good }, [{ text: rest }])),
  ];
}

// Above this, subjects of one kind that are fine share a line.
const MANY_CLEAN = 6;
const CLEAN = "nothing at or above medium";

/** One line for each subject with nothing at or above medium. */
export function cleanLines(canvas: Canvas, sections: readonly SubjectSection[]): string[] {
  return [...groupBy(sections, ({ subject }) => subject.kind)].flatMap(([kind, group]) => {
    if (group.length <= MANY_CLEAN || canvas.verbose) {
      return group.flatMap((section) => cleanLine(canvas, section));
    }
    const names = group.map(({ subject }) => visible(subject.name));
    const list = listThatFits(names, canvas.width - CLEAN.length - 20);
    return heading(canvas, `${group.length} ${kind}s`, list, quiet(canvas, CLEAN), canvas.style.good("✓"));
  });
}

function cleanLine(canvas: Canvas, section: SubjectSection): string[] {
  const { subject, tally, shared, byVerdict } = section;
  const below = tally.low + tally.info + shared.length;
  const says = [
    below === 0 ? "nothing found" : `only ${below} below medium`,
    ...(byVerdict.unknown.length === 0 ? [] : [`${byVerdict.unknown.length} not judged`]),
  ];
  return [
    ...heading(
      canvas,
      visible(subject.name),
      factsOf(subject),
      quiet(canvas, ...says),
      canvas.style.good("✓"),
    ),
    ...coveredLines(canvas, section),
  ];
}

function quiet({ style }: Canvas, ...texts: string[]): Part[] {
  return texts.map((text) => ({ text, paint: style.quiet }));
}

/** `container, nginx:1.25, running 3 h`. */
function factsOf({ kind, image, facts }: ReportSubject): string {
  const own = image === undefined || facts.some((fact) => fact.includes(image)) ? [] : [image];
  return [kind, ...own, ...facts].map(visible).join(", ");
}

function tallyParts({ style }: Canvas, tally: Tally): Part[] {
  return SEVERITIES.toReversed()
    .filter((severity) => tally[severity] > 0)
    .map((severity) => ({ text: `${tally[severity]} ${severity}`, paint: style.severity[severity] }));
}

function foldedLines(canvas: Canvas, findings: readonly Finding[], details: Details): string[] {
  const folded = findings.filter(({ severity }) => details[severity] === null);
  if (folded.length === 0) return [];
  const limit = SEVERITIES.find((severity) => details[severity] !== null) ?? "critical";
  const more = folded.length === findings.length ? "" : "more ";
  const start = `${more === "" ? "" : "and "}${folded.length} ${more}below ${limit}:`;
  const end = "(--verbose)";
  const room = canvas.width - canvas.indent - start.length - 1;
  const ids = listThatFits(shortIds(folded), room);
  const text = `${start} ${ids}${displayWidth(ids) + 1 + end.length <= room ? ` ${end}` : ""}`;
  return marked(canvas, { symbol: "", word: "", paint: canvas.style.quiet }, [
    { text, paint: canvas.style.quiet },
  ]);
}

/** Ids without what all of ours start with, each once. */
function shortIds(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ ruleId }) => ruleId))].map((id) => visible(id).replace(/^SW-/, ""));
}

function coveredLines(canvas: Canvas, { excepted, known }: SubjectSection): string[] {
  const { style, verbose } = canvas;
  const except: Mark = { symbol: "~", word: "excepted", paint: style.quiet };
  const base: Mark = { symbol: "=", word: "known", paint: style.quiet };
  if (verbose) {
    return [
      ...excepted.flatMap((finding) => [
        ...plainLines(canvas, [finding], except),
        ...detail(canvas, "reason", [{ text: exceptionText(finding) }]),
      ]),
      ...plainLines(canvas, known, base),
    ];
  }
  const line = (mark: Mark, findings: readonly Finding[], where: string): string[] => {
    const room = canvas.width - canvas.indent - where.length - 8;
    const text = `${findings.length} ${where}: ${listThatFits(shortIds(findings), room)}`;
    return findings.length === 0 ? [] : marked(canvas, mark, [{ text, paint: style.quiet }]);
  };
  return [...line(except, excepted, "by the policy"), ...line(base, known, "in the baseline")];
}

function exceptionText({ exception }: Finding): string {
  if (exception === null) return "";
  const { reason, owner, expires, source } = exception;
  const until = expires === undefined ? "" : `, until ${visible(expires)}`;
  return `${visible(reason)}${owner === undefined ? "" : ` (${visible(owner)})`}${until}; ${visible(source)}`;
}

function verdictLines(canvas: Canvas, { byVerdict }: SubjectSection): string[] {
  const { style } = canvas;
  return [
    ...plainLines(canvas, byVerdict.unknown, { symbol: "?", word: "unknown", paint: style.open }),
    ...plainLines(canvas, byVerdict.pass, { symbol: "✓", word: "passed", paint: style.good }),
    ...plainLines(canvas, byVerdict["not-applicable"], { symbol: "·", word: "n/a", paint: style.quiet }),
  ];
}

function plainLines(canvas: Canvas, findings: readonly Finding[], mark: Mark): string[] {
  return findings.flatMap(({ message, ruleId }) =>
    marked(canvas, mark, [{ text: visible(message) }], visible(ruleId)),
  );
}
