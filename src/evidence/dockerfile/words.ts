import type { JoinedText, Pair, Word } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import { isBlank, isSpace, skipSpaces, trimmedEnd } from "./chars.ts";
import { fileRange } from "./joined.ts";

/**
 * Splits a text at white space that is neither quoted nor escaped (moby/buildkit, parser/line_parsers.go,
 * parseWords). A quote that is never closed reaches to the end.
 */
export function splitWords(joined: JoinedText, escape: string): Word[] {
  return wordSpans(joined.text, escape).map(({ start, end }) => word(joined, start, end, escape));
}

function wordSpans(text: string, escape: string): Range[] {
  const spans: Range[] = [];
  const length = text.length;
  for (let at = skipSpaces(text, 0); at < length; at = skipSpaces(text, at)) {
    const start = at;
    at = Math.min(endOfWord(text, at, escape), length);
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

/**
 * Splits at blanks only (line_parsers.go, parseStringsWhitespaceDelimited): COPY, ADD, VOLUME, FROM and EXPOSE. A
 * blank parts words within quotes too; quotes are taken off later, word by word.
 */
export function splitBlanks(joined: JoinedText, escape: string): Word[] {
  const { text } = joined;
  const words: Word[] = [];
  const length = text.length;
  for (let at = 0; at < length;) {
    while (at < length && isBlank(text.charCodeAt(at))) at += 1;
    const start = at;
    while (at < length && !isBlank(text.charCodeAt(at))) at += 1;
    if (at > start) words.push(word(joined, start, at, escape));
  }
  return words;
}

/** Removes quotes, and escapes where the builder removes them: all outside of quotes, of `"$\` within double ones. */
export function unquote(raw: string, escape: string): string {
  if (!raw.includes('"') && !raw.includes("'") && !raw.includes(escape)) return raw;
  let value = "";
  let quote = "";
  for (let at = 0; at < raw.length; at += 1) {
    const character = raw[at] as string;
    if (quote === "'") {
      if (character === "'") quote = "";
      else value += character;
    } else if (character === escape) {
      const next = raw[at + 1];
      if (next === undefined) break;
      if (quote === "") {
        value += next;
        at += 1;
      } else if (next === '"' || next === "$" || next === escape) {
        value += next;
        at += 1;
      } else value += character;
    } else if (character === quote) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) quote = character;
    else value += character;
  }
  return value;
}

/**
 * Pairs of ENV and LABEL (line_parsers.go, parseNameVal): `NAME=value …`, or the old `NAME value` where the first
 * word holds no `=`; its value is everything behind the first blank.
 */
export function splitPairs(joined: JoinedText, escape: string): { pairs: Pair[]; legacy: boolean } {
  const { text } = joined;
  const spans = wordSpans(text, escape);
  const [first] = spans;
  if (first === undefined) return { pairs: [], legacy: false };
  const equals = text.indexOf("=", first.start);
  if (equals !== -1 && equals < first.end) {
    return { pairs: spans.map((span) => pair(joined, span, escape)), legacy: false };
  }
  const end = trimmedEnd(text, first.start);
  let nameEnd = first.start;
  while (nameEnd < end && !isBlank(text.charCodeAt(nameEnd))) nameEnd += 1;
  const name = word(joined, first.start, nameEnd, escape);
  let start = nameEnd;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  if (start === end) return { pairs: [{ name, value: null, range: name.range }], legacy: true };
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
  const mark = escape.charCodeAt(0);
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === mark) at += 2;
    else if (code === 34 || code === 39) at = endOfQuote(text, at, escape);
    else if (isSpace(code)) return at;
    else at += 1;
  }
  return text.length;
}

/** Offset behind the quote that closes the one at `from`. In single quotes nothing is escaped. */
function endOfQuote(text: string, from: number, escape: string): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === escape && quote === '"') at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return text.length;
}
