import { stripVTControlCharacters } from "node:util";
import type { Paint } from "./style.ts";
import { characters, displayWidth } from "./width.ts";

/** A piece of printable text in one colour. */
export interface Span {
  text: string;
  paint?: Paint;
  /** Blanks between the piece before and this one; 1 by default. */
  gap?: number;
  /** Kept on one line where it fits; its words are never broken, even if wider than a line: ids that are copied. */
  whole?: boolean;
}

interface Word {
  text: string;
  span: Span;
}

/**
 * Breaks text into lines by display width. Words that are too long are broken after a separator where there is
 * one, else anywhere, unless their span is `whole`.
 *
 * @param spans printable text, already made visible
 * @param first columns of the first line
 * @param rest columns of all others
 * @returns at least one line, none with blanks at its end
 */
export function flow(spans: readonly Span[], first: number, rest = first): string[] {
  const lines: Word[][] = [[]];
  let used = 0;
  for (const span of spans) {
    const words =
      span.whole === true && displayWidth(span.text) <= rest
        ? [span.text.trim()]
        : span.text.split(/\s+/u).filter((text) => text !== "");
    for (const [at, text] of words.entries()) {
      const gap = at === 0 ? (span.gap ?? 1) : 1;
      let remaining = text;
      while (remaining !== "") {
        const limit = lines.length === 1 ? first : rest;
        // Not by its columns: a combining mark alone is a word that fills none.
        const isEmpty = lines.at(-1)?.length === 0;
        const room = limit - (isEmpty ? 0 : used + gap);
        const width = displayWidth(remaining);
        const fits = width <= room;
        if (!fits && !isEmpty && (width <= rest || span.whole === true || room < rest / 2)) {
          lines.push([]);
          used = 0;
          continue;
        }
        const piece = fits || span.whole === true ? remaining : head(remaining, Math.max(1, room));
        lines.at(-1)?.push({ text: piece, span });
        used += (isEmpty ? 0 : gap) + displayWidth(piece);
        remaining = remaining.slice(piece.length);
        if (remaining !== "") {
          lines.push([]);
          used = 0;
        }
      }
    }
  }
  return lines.map(paintLine);
}

// The longest start that fits, cut after a separator of paths and lists if that wastes little.
function head(word: string, width: number): string {
  let text = "";
  let used = 0;
  let cut = 0;
  for (const character of characters(word)) {
    used += displayWidth(character);
    if (used > width && text !== "") break;
    text += character;
    if (/[/,:;=&|.-]/.test(character) && used > width * 0.6) cut = text.length;
  }
  return cut > 0 && text.length < word.length ? text.slice(0, cut) : text;
}

// Words of one span that stand side by side are painted together.
function paintLine(words: readonly Word[]): string {
  const runs: Word[] = [];
  for (const { text, span } of words) {
    const last = runs.at(-1);
    if (last?.span === span) last.text += ` ${text}`;
    else runs.push({ text, span });
  }
  return runs
    .map(({ text, span: { gap = 1, paint = String } }, at) => " ".repeat(at === 0 ? 0 : gap) + paint(text))
    .join("");
}

/** Columns that a painted line fills. */
export function paintedWidth(line: string): number {
  return displayWidth(line.includes("\u001b") ? stripVTControlCharacters(line) : line);
}

/** `left` and, at the right end of the line, `right`; null if the two do not fit. */
export function spread(left: string, right: string, width: number): string | null {
  const gap = width - paintedWidth(left) - paintedWidth(right);
  if (right === "") return gap >= 0 ? left : null;
  return gap >= 2 ? left + " ".repeat(gap) + right : null;
}

/** As many items as fit into `width` columns, and how many more there are; at least one item. */
export function listThatFits(items: readonly string[], width: number, most = Infinity): string {
  let text = items[0] ?? "";
  for (let count = 1; count <= items.length; count++) {
    const left = items.length - count;
    const next = items.slice(0, count).join(", ") + (left > 0 ? ` and ${left} more` : "");
    if (count > 1 && (displayWidth(next) > width || count > most)) break;
    text = next;
  }
  return text;
}

/** The text cut to `width` columns, with a sign that it was. */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let cut = "";
  let used = 1;
  for (const character of characters(text)) {
    used += displayWidth(character);
    if (used > width) break;
    cut += character;
  }
  return `${cut.trimEnd()}…`;
}
