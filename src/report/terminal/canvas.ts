import type { Severity } from "#model/severity.ts";
import { type Span, flow, paintedWidth, spread } from "./flow.ts";
import { type Paint, SEVERITY_SYMBOLS, type Style } from "./style.ts";
import { displayWidth } from "./width.ts";

/** What every part of the picture needs to know to draw itself. */
export interface Canvas {
  style: Style;
  /** Columns to fill. */
  width: number;
  /** Columns before text; smaller where the terminal is narrow. */
  indent: number;
  verbose: boolean;
}

// Below this there is no room for a message between the severity and the rule id.
const NARROW = 72;
const MARK_WIDTH = 14; // "  ✗ critical  "
const LABEL_WIDTH = 11; // "specified" and a gap

/** A canvas that fits `width` columns. */
export function canvas(style: Style, width: number, verbose: boolean): Canvas {
  return { style, width, indent: width < NARROW ? 2 : MARK_WIDTH, verbose };
}

/** A short text in its colour, one of a row: `2 high`. */
export interface Part {
  text: string;
  paint: Paint;
}

/** Parts in a row with dots between them, as many lines as they need. */
export function row({ style, width }: Canvas, parts: readonly Part[]): string[] {
  const lines: string[] = [];
  let used = width;
  for (const { text, paint } of parts) {
    const wide = displayWidth(text);
    if (lines.length > 0 && used + 3 + wide <= width) {
      lines.push(`${lines.pop()}${style.quiet(" · ")}${paint(text)}`);
      used += 3 + wide;
    } else {
      lines.push(...(wide <= width ? [paint(text)] : flow([{ text, paint }], width)));
      used = paintedWidth(lines.at(-1) ?? "");
    }
  }
  return lines;
}

/** The heading of a section: what it is about, facts, short parts at the right, a painted mark before. */
export function heading(
  target: Canvas,
  name: string,
  facts: string,
  parts: readonly Part[],
  mark = "",
): string[] {
  const { style, width } = target;
  const spans: Span[] = [
    { text: name, paint: style.strong },
    { text: facts, paint: style.quiet, gap: 2 },
  ];
  const left = mark === "" ? "" : `${mark} `;
  const inner = width - paintedWidth(left);
  const right = row(target, parts);
  const room = inner - paintedWidth(right[0] ?? "") - 2;
  const beside = right.length === 1 && room >= 24;
  const lines = flow(spans, beside ? room : inner, inner).map(
    (line, at) => (at === 0 ? left : " ".repeat(paintedWidth(left))) + line,
  );
  if (beside) return withRight(lines, right[0] ?? "", width);
  return [...lines, ...right.map((line) => " ".repeat(Math.max(0, width - paintedWidth(line))) + line)];
}

/** What stands before a message. */
export interface Mark {
  symbol: string;
  word: string;
  paint: Paint;
}

/** One message behind its mark (`✗ high`), with an id at the right end. */
export function marked(
  { style, width, indent }: Canvas,
  mark: Mark,
  message: readonly Span[],
  id = "",
): string[] {
  const right = id === "" ? "" : style.quiet(id);
  if (indent === 2) {
    const label = mark.symbol === "" ? "" : mark.paint(`${mark.symbol} ${mark.word}`);
    const top = spread(label, right, width);
    const text = flow(message, width - 2).map((line) => (line === "" ? "" : `  ${line}`));
    if (label === "" && right === "") return text;
    return top === null ? [label, `  ${right}`, ...text] : [top, ...text];
  }
  const room = width - indent - (id === "" ? 0 : paintedWidth(right) + 2);
  const start = pad(`  ${mark.paint(`${mark.symbol} ${mark.word}`)}`, indent);
  const lines = flow(message, room >= 24 ? room : width - indent, width - indent);
  return withRight(
    lines.map((line, at) => (at === 0 ? start : " ".repeat(indent)) + line),
    right,
    width,
  );
}

/** The mark of a severity. */
export function severityMark({ style }: Canvas, severity: Severity): Mark {
  return { symbol: SEVERITY_SYMBOLS[severity], word: severity, paint: style.severity[severity] };
}

/** How a detail is set, where it differs from the usual. */
interface DetailOptions {
  /** Colour of the label. */
  paint?: Paint;
  /** A column of its own between label and text. */
  lead?: string;
  /** Columns of the lead; later lines start behind it too. */
  leadWidth?: number;
}

/** A labelled detail below a message: `actual  …`, `fix  docker run: …`. */
export function detail(
  { style, width, indent }: Canvas,
  label: string,
  spans: readonly Span[],
  { paint = style.quiet, lead = "", leadWidth = 0 }: DetailOptions = {},
): string[] {
  const left = indent + LABEL_WIDTH;
  const blank = " ".repeat(left + leadWidth);
  const start =
    " ".repeat(indent) +
    pad(paint(label), LABEL_WIDTH) +
    (leadWidth > 0 ? pad(style.quiet(lead), leadWidth) : "");
  return flow(spans, width - left - leadWidth).map((line, at) => (at === 0 ? start : blank) + line);
}

function pad(painted: string, width: number): string {
  return painted + " ".repeat(Math.max(0, width - paintedWidth(painted)));
}

// The right text goes to the end of the first line, or of a line of its own.
function withRight(lines: string[], right: string, width: number): string[] {
  const [first = "", ...rest] = lines;
  const joined = spread(first, right, width);
  if (joined !== null) return [joined, ...rest];
  const alone = " ".repeat(Math.max(0, width - paintedWidth(right))) + right;
  return [...lines, alone];
}
