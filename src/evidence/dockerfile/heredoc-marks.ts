import type { Range } from "#model/text.ts";
import { isSpace, skipSpaces } from "./chars.ts";
import { endOfName } from "./names.ts";

/** `<<EOF` in the text of an instruction. */
export interface HeredocMark extends Range {
  name: string;
  /** Part of the name is quoted: nothing in the body is expanded. */
  quoted: boolean;
  chomp: boolean;
  descriptor: number;
}

const MOST_DEPTH = 64;

/**
 * Finds the marks of heredocs in an instruction's text as the builder does (moby/buildkit, parser/parser.go,
 * heredocsFromLine): words of a shell-like language, with a backslash as escape whatever the directive says, that
 * begin with `<<`. So `cat<<EOF` and `"<<EOF"` hold none, and the name of `<<EOF>file` is `EOF>file`. Where the
 * quotes or substitutions of the text do not add up, the builder finds none at all.
 */
export function heredocMarks(text: string): HeredocMark[] {
  if (!text.includes("<<")) return [];
  const words = lexWords(text);
  if (words === null) return [];
  return words.flatMap(({ start, end }) => markIn(text, start, end) ?? []);
}

/** The mark in a word, or in a whole command; null where there is none, and where it is not all of it. */
export function markIn(text: string, start: number, end: number): HeredocMark | null {
  let at = start;
  while (at < end && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1;
  const descriptor = at > start ? Number(text.slice(start, at)) : 0;
  if (!text.startsWith("<<", at)) return null;
  at += 2;
  const chomp = text[at] === "-";
  if (chomp) at += 1;
  at = skipSpaces(text, at, end);
  const rest = text.slice(at, end);
  if (rest === "" || rest.includes("<")) return null;
  const words = lexWords(rest);
  if (words === null || words.length !== 1) return null;
  const [{ start: from, end: to } = { start: 0, end: 0 }] = words;
  const { name, quoted } = nameOf(rest.slice(from, to));
  return name === "" ? null : { start, end, name, quoted, chomp, descriptor };
}

function nameOf(raw: string): { name: string; quoted: boolean } {
  let name = "";
  let quote = "";
  let quoted = false;
  for (let at = 0; at < raw.length; at += 1) {
    const character = raw[at] as string;
    if (quote !== "'" && character === "\\") {
      const next = raw[at + 1] ?? "";
      if (quote === "" || next === '"' || next === "$" || next === "\\") {
        name += next;
        at += 1;
      } else name += character;
    } else if (character === quote) quote = "";
    else if (quote === "" && (character === "'" || character === '"')) {
      quote = character;
      quoted = true;
    } else name += character;
  }
  return { name, quoted };
}

/** Words of shell/lex.go with quotes, escapes and variables left in; null where it would give up. */
function lexWords(text: string): Range[] | null {
  const words: Range[] = [];
  let start = -1;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) {
      if (start !== -1) words.push({ start, end: at });
      start = -1;
      at += 1;
      continue;
    }
    if (start === -1) start = at;
    if (code === 60 && text[at + 1] === "<") at = skipSpaces(text, at + 2);
    else {
      at = skipToken(text, at, 0);
      if (at === -1) return null;
    }
  }
  if (start !== -1) words.push({ start, end: text.length });
  return words;
}

/** Offset behind the character, quote, escape or variable at `at`; -1 where it does not end. */
function skipToken(text: string, at: number, depth: number): number {
  const character = text[at];
  if (character === "\\") return Math.min(at + 2, text.length);
  if (character === "'") {
    const close = text.indexOf("'", at + 1);
    return close === -1 ? -1 : close + 1;
  }
  if (character === '"') return skipDouble(text, at, depth);
  if (character === "$") return skipVariable(text, at, depth);
  return at + 1;
}

function skipDouble(text: string, from: number, depth: number): number {
  for (let at = from + 1; at < text.length;) {
    const character = text[at];
    if (character === '"') return at + 1;
    if (character === "\\") {
      const next = text[at + 1];
      at += next === '"' || next === "$" || next === "\\" ? 2 : 1;
    } else if (character === "$") {
      at = skipVariable(text, at, depth);
      if (at === -1) return -1;
    } else at += 1;
  }
  return -1;
}

function skipVariable(text: string, from: number, depth: number): number {
  if (text[from + 1] !== "{") return endOfName(text, from + 1);
  const first = text[from + 2];
  if (first === undefined || first === "{" || first === "}" || first === ":" || depth >= MOST_DEPTH)
    return -1;
  let at = endOfName(text, from + 2);
  let modifier = text[at] ?? "";
  at += 1;
  if (modifier === "}") return at;
  if (modifier === ":") {
    modifier = text[at] ?? "";
    at += 1;
    if (modifier === "#" || modifier === "%" || modifier === "") return -1;
  } else if (modifier === "/") {
    if (text[at] === "/") at += 1;
    at = skipUntil(text, at, "/", depth);
    if (at === -1) return -1;
  } else if (modifier === "" || !"+-?#%".includes(modifier)) return -1;
  return skipUntil(text, at, "}", depth);
}

function skipUntil(text: string, from: number, stop: string, depth: number): number {
  for (let at = from; at < text.length;) {
    if (text[at] === stop) return at + 1;
    at = skipToken(text, at, depth + 1);
    if (at === -1) return -1;
  }
  return -1;
}
