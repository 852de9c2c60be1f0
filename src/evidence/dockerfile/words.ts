import type { JoinedText, Pair, Word } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import { fileRange } from "./joined.ts";

const BLANK = /\s/;

/**
 * Splits a text at blanks that are neither quoted nor escaped, as the builder's parseWords does
 * (moby/buildkit, frontend/dockerfile/parser/line_parsers.go). A quote that is never closed reaches to the end.
 */
export function splitWords(joined: JoinedText, escape: string): Word[] {
  return wordSpans(joined.text, escape).map(({ start, end }) => word(joined, start, end, escape));
}

function wordSpans(text: string, escape: string): Range[] {
  const spans: Range[] = [];
  let at = 0;
  while (at < text.length) {
    if (BLANK.test(text[at] as string)) {
      at += 1;
      continue;
    }
    const start = at;
    at = Math.min(endOfWord(text, at, escape), text.length);
    spans.push({ start, end: at });
  }
  return spans;
}

/** The word between two offsets of a joined text. */
export function word(joined: JoinedText, start: number, end: number, escape: string): Word {
  const raw = joined.text.slice(start, end);
  const first = raw[0];
  const quoted =
    raw.length > 1 &&
    (first === '"' || first === "'") &&
    raw.endsWith(first) &&
    endOfQuote(raw, 0, escape) === raw.length;
  return {
    raw,
    value: unquote(raw, escape),
    range: fileRange(joined, start, end),
    quote: quoted ? (first as '"' | "'") : null,
  };
}

/** Splits at blanks only: FROM, EXPOSE and others know no quotes. */
export function splitBlanks(joined: JoinedText): Word[] {
  return [...joined.text.matchAll(/\S+/g)].map(({ 0: raw, index }) => ({
    raw,
    value: raw,
    range: fileRange(joined, index, index + raw.length),
    quote: null,
  }));
}

/** Removes quotes, and escapes where the builder removes them: all outside of quotes, of `"$\` within double ones. */
export function unquote(raw: string, escape: string): string {
  if (!/["'\\`]/.test(raw)) return raw;
  let value = "";
  let quote = "";
  for (let at = 0; at < raw.length; at += 1) {
    const character = raw[at] as string;
    if (quote === "'") {
      if (character === "'") quote = "";
      else value += character;
    } else if (character === escape && at + 1 < raw.length) {
      const next = raw[at + 1] as string;
      at += 1;
      value += quote === '"' && !['"', "$", escape].includes(next) ? character + next : next;
    } else if (character === quote) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) quote = character;
    else value += character;
  }
  return value;
}

/** Pairs of ENV and LABEL: `NAME=value …`, or the old `NAME value` where the first word has no `=`. */
export function splitPairs(joined: JoinedText, escape: string): { pairs: Pair[]; legacy: boolean } {
  const { text } = joined;
  const spans = wordSpans(text, escape);
  const [first] = spans;
  if (first === undefined) return { pairs: [], legacy: false };
  if (text.slice(first.start, first.end).includes("=")) {
    return { pairs: spans.map((span) => pair(joined, span, escape)), legacy: false };
  }
  const name = word(joined, first.start, first.end, escape);
  const rest = text.slice(first.end);
  const start = first.end + rest.length - rest.trimStart().length;
  const end = text.trimEnd().length;
  if (end <= start) return { pairs: [{ name, value: null, range: name.range }], legacy: true };
  const value = word(joined, start, end, escape);
  return { pairs: [{ name, value, range: { start: name.range.start, end: value.range.end } }], legacy: true };
}

/** Pairs of ARG: `NAME` or `NAME=value`, each a word. */
export function splitArgs(joined: JoinedText, escape: string): Pair[] {
  return wordSpans(joined.text, escape).map((span) => pair(joined, span, escape));
}

function pair(joined: JoinedText, { start, end }: Range, escape: string): Pair {
  const range = fileRange(joined, start, end);
  const equals = joined.text.indexOf("=", start);
  if (equals === -1 || equals >= end) return { name: word(joined, start, end, escape), value: null, range };
  return {
    name: word(joined, start, equals, escape),
    value: word(joined, equals + 1, end, escape),
    range,
  };
}

function endOfWord(text: string, from: number, escape: string): number {
  let at = from;
  while (at < text.length) {
    const character = text[at] as string;
    if (BLANK.test(character)) return at;
    if (character === escape) at += 2;
    else if (character === '"' || character === "'") at = endOfQuote(text, at, escape);
    else at += 1;
  }
  return text.length;
}

function endOfQuote(text: string, from: number, escape: string): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at += 1) {
    // In single quotes nothing is escaped; the builder still skips what follows the escape character.
    if (text[at] === escape && quote === '"') at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return text.length;
}
