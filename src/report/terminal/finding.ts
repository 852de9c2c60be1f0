import type { Finding, Seen } from "#model/finding.ts";
import { isAtLeast, type Severity } from "#model/severity.ts";
import { type Canvas, detail, marked, severityMark } from "./canvas.ts";
import { groupBy, type SharedFinding } from "./arrange.ts";
import { clip, flow, listThatFits } from "./flow.ts";
import { stepsOf } from "./remedy.ts";
import type { Paint } from "./style.ts";
import { visible } from "./visible.ts";
import { displayWidth } from "./width.ts";

/** How much of a finding is shown. */
export interface Detail {
  /** How many pieces of evidence. */
  evidence: number;
  fix: boolean;
  /** Tell what one rule found several times on a subject in one block. */
  merge: boolean;
}

// What is longer is in --verbose and in the formats for machines.
const VALUE_WIDTH = 200;
const NAMES = 4;

/** The lines of one failed finding. */
export function findingLines(canvas: Canvas, finding: Finding, show: Detail): string[] {
  return [
    ...marked(
      canvas,
      severityMark(canvas, finding.severity),
      [{ text: visible(finding.message), paint: messagePaint(canvas, finding) }],
      visible(finding.ruleId),
    ),
    ...place(canvas, finding),
    ...evidenceLines(canvas, finding.evidence, show.evidence),
    ...(show.fix ? fixLines(canvas, finding.remediation) : []),
  ];
}

// What cannot wait stands out, also from the heading above it.
function messagePaint({ style }: Canvas, { severity }: { severity: Severity }): Paint {
  return isAtLeast(severity, "high") ? style.strong : style.plain;
}

/** From this many findings of one rule on, they are told in one block. */
export const REPEATED = 3;

/** The lines of what one rule found several times on one subject: one message each, and the fix if it is one. */
export function repeatedLines(canvas: Canvas, findings: readonly Finding[], show: Detail): string[] {
  const [first] = findings;
  if (first === undefined) return [];
  const most = isAtLeast(first.severity, "high") ? 12 : 4;
  const fixes = new Set(findings.map(({ remediation }) => remediation));
  const lines = marked(
    canvas,
    severityMark(canvas, first.severity),
    [
      { text: `${lowerFirst(visible(first.title))}:`, paint: messagePaint(canvas, first) },
      { text: `${findings.length} times` },
    ],
    visible(first.ruleId),
  );
  const longest = show.evidence === 0 ? canvas.width - canvas.indent - 2 : VALUE_WIDTH;
  for (const { message } of findings.slice(0, most)) {
    lines.push(...item(canvas, clip(visible(message), longest)));
  }
  const left = findings.length - most;
  if (left > 0) lines.push(...item(canvas, `${left} more (--verbose)`));
  return [...lines, ...(show.fix && fixes.size === 1 ? fixLines(canvas, first.remediation) : [])];
}

function item({ style, width, indent }: Canvas, text: string): string[] {
  return flow([{ text }], width - indent - 2).map(
    (line, at) => " ".repeat(indent) + (at === 0 ? style.quiet("- ") : "  ") + line,
  );
}

/** The lines of a finding that many subjects share. */
export function sharedLines(canvas: Canvas, shared: SharedFinding, show: Detail): string[] {
  const [first] = shared.findings;
  if (first === undefined) return [];
  const alike = shared.findings.every(({ message }) => message === first.message);
  const names = shared.subjects.map(({ name }) => visible(name));
  const text = visible(alike ? first.message : lowerFirst(first.title));
  const id = visible(shared.ruleId);
  const room = canvas.width - canvas.indent - displayWidth(text) - 2 - id.length - 2;
  const few = listThatFits(names, room, NAMES);
  const beside = displayWidth(few) <= room;
  const lines = marked(
    canvas,
    severityMark(canvas, shared.severity),
    [{ text: `${text}:`, paint: messagePaint(canvas, shared) }, ...(beside ? [{ text: few }] : [])],
    id,
  );
  if (!beside) {
    const list = listThatFits(names, canvas.width - canvas.indent);
    lines.push(
      ...flow([{ text: list }], canvas.width - canvas.indent).map((line) => " ".repeat(canvas.indent) + line),
    );
  }
  if (show.evidence > 0) {
    if (alike) lines.push(...evidenceLines(canvas, first.evidence, 1, first.subject.name));
    else lines.push(...examples(canvas, shared.findings, show.evidence));
  }
  if (show.fix) lines.push(...fixLines(canvas, first.remediation));
  return lines;
}

// Where subjects differ in what is wrong: what is wrong with the first of each sort. Numbers alone (processes
// that run now, pids) make no sort of their own.
function examples(canvas: Canvas, findings: readonly Finding[], most: number): string[] {
  const sorts = groupBy(findings, ({ message }) => message.replace(/\d+/g, "0"));
  return [...sorts.values()]
    .slice(0, most)
    .flatMap(([finding]) =>
      finding === undefined
        ? []
        : detail(canvas, "e.g.", [
            { text: `${visible(finding.subject.name)}:`, paint: canvas.style.quiet },
            { text: clip(visible(finding.message), VALUE_WIDTH) },
          ]),
    );
}

function place(canvas: Canvas, { location }: Finding): string[] {
  if (location === null) return [];
  const { path, startLine, startColumn } = location;
  return detail(canvas, "at", [{ text: `${visible(path)}:${startLine}:${startColumn}` }]);
}

function evidenceLines(canvas: Canvas, evidence: readonly Seen[], most: number, subject?: string): string[] {
  const { style, verbose } = canvas;
  const lines = evidence.slice(0, most).flatMap((seen) => {
    const value = visible(seen.value);
    const source = [seen.source, ...(seen.path === undefined ? [] : [seen.path])].map(visible).join(", ");
    const from = subject === undefined ? source : `${visible(subject)}: ${source}`;
    return detail(canvas, seen.witness, [
      { text: verbose ? value : clip(value, VALUE_WIDTH) },
      { text: `(${from})`, paint: style.quiet, gap: 2 },
    ]);
  });
  const left = evidence.length - most;
  if (left > 0 && most > 0 && subject === undefined) {
    lines.push(...detail(canvas, "", [{ text: `and ${left} more (--verbose)`, paint: style.quiet }]));
  }
  return lines;
}

function fixLines(canvas: Canvas, remediation: string): string[] {
  const steps = stepsOf(remediation);
  const wide = canvas.indent > 2;
  const column = wide ? Math.max(0, ...steps.map(({ place }) => displayWidth(place ?? "") + 3)) : 0;
  return steps
    .flatMap(({ place, lines }) => lines.map((line, at) => ({ place: at === 0 ? place : null, line })))
    .filter(({ line }) => line.trim() !== "")
    .flatMap(({ place, line }, at) => {
      const text = visible(line.trim());
      return detail(
        canvas,
        at === 0 ? "fix" : "",
        [{ text: wide || place === null ? text : `${place}: ${text}` }],
        {
          paint: canvas.style.good,
          lead: wide && place !== null ? `${place}:` : "",
          // Snippets of files keep their own indentation.
          leadWidth: column + (place === null ? Math.min(12, line.length - line.trimStart().length) : 0),
        },
      );
    });
}

/** A title as part of a sentence; names in capitals stay. */
export function lowerFirst(text: string): string {
  return /^(?:[A-Z][a-z]|A )/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
