import { endOfName } from "./names.ts";
import { findMatch, matchAt, readPattern, reversed } from "./shell-pattern.ts";

/** What is known of variables: their value, or null where they are set to something unknown. */
export interface Variables {
  get(name: string): string | null | undefined;
}

/** One `$NAME` or `${NAME…}`. */
export interface Use {
  name: string;
  /** Offsets in the expanded text. */
  start: number;
  end: number;
  /** `:-`, `-`, `:+`, `+`, `:?`, `?`, `#`, `%`, `/` or nothing. */
  modifier: string;
  /** Whether the variable was there. */
  known: boolean;
}

/** A text with its variables replaced, its quotes and escapes taken off. */
export interface Expanded {
  /** As written where the builder refuses it. */
  text: string;
  /** All variables in it, also those within defaults, in the order in which they end. */
  uses: Use[];
  /** Variables without value that were used without a default, in order. */
  missing: string[];
  /** Part of the text hangs on a value that only the build knows. */
  unknown: boolean;
  /** What the builder refuses: an open quote, `${`, an unknown modifier, `${X:?message}` without X. */
  error: { message: string; at: number } | null;
}

const MOST_DEPTH = 32;
const MOST_LENGTH = 1 << 16;
const MOST_WORK = 1 << 22;

/** Where the reading of a text stands; `at` is the end once something is refused, so that every loop ends. */
interface Lexer {
  source: string;
  at: number;
  variables: Variables;
  escape: string;
  /** Quotes stand for themselves: the body of a heredoc. */
  raw: boolean;
  result: Expanded;
}

/**
 * Replaces `$NAME` and the `${NAME…}` family as the builder does in a word as written (moby/buildkit,
 * shell/lex.go): `:-` `-` `:+` `+` `:?` `?` `#` `##` `%` `%%` `/` `//`. Single quotes and the escape character
 * protect. A variable whose value is unknown stays as written.
 *
 * @param raw quotes are characters like others (COPY's heredocs)
 */
export function expand(source: string, variables: Variables, escape: string, raw = false): Expanded {
  const result: Expanded = { text: source, uses: [], missing: [], unknown: false, error: null };
  if (!isSpecial(source, escape)) return result;
  const lexer: Lexer = { source, at: 0, variables, escape, raw, result };
  const text = readUntil(lexer, "", false, 0);
  if (result.error === null) result.text = text;
  if (result.text.length > MOST_LENGTH) result.unknown = true;
  return result;
}

function isSpecial(source: string, escape: string): boolean {
  return source.includes("$") || source.includes('"') || source.includes("'") || source.includes(escape);
}

function refuse(lexer: Lexer, message: string, at = lexer.at): string {
  lexer.result.error ??= { message, at: Math.min(at, lexer.source.length) };
  lexer.at = lexer.source.length;
  return "";
}

/**
 * Reads up to `stop`, which is passed over, or to the end.
 *
 * @param keepEscapes leaves escape characters in: the text is a pattern
 */
function readUntil(lexer: Lexer, stop: string, keepEscapes: boolean, depth: number): string {
  const { source, escape, raw } = lexer;
  const begin = lexer.at;
  let text = "";
  let plain = begin;
  const add = (piece: string): void => {
    if (text.length <= MOST_LENGTH) text += piece;
  };
  while (lexer.at < source.length) {
    const character = source[lexer.at] as string;
    const quoted = !raw && (character === "'" || character === '"');
    if (character !== stop && character !== "$" && character !== escape && !quoted) {
      lexer.at += 1;
      continue;
    }
    add(source.slice(plain, lexer.at));
    if (character === stop) {
      lexer.at += 1;
      return text;
    }
    if (character === "$") add(readVariable(lexer, depth));
    else if (quoted) add(character === "'" ? readSingle(lexer) : readDouble(lexer, keepEscapes, depth));
    else {
      // The escape character at the very end is dropped.
      add((keepEscapes ? escape : "") + (source[lexer.at + 1] ?? ""));
      lexer.at += 2;
    }
    plain = lexer.at;
  }
  lexer.at = source.length;
  add(source.slice(plain));
  return stop === "" ? text : refuse(lexer, `a \${ is not closed by ${stop}`, begin);
}

function readSingle(lexer: Lexer): string {
  const { source, at } = lexer;
  const close = source.indexOf("'", at + 1);
  if (close === -1) return refuse(lexer, "a ' is not closed", at);
  lexer.at = close + 1;
  return source.slice(at + 1, close);
}

function readDouble(lexer: Lexer, keepEscapes: boolean, depth: number): string {
  const { source, escape } = lexer;
  const begin = lexer.at;
  lexer.at += 1;
  let text = "";
  while (lexer.at < source.length) {
    const character = source[lexer.at] as string;
    if (character === '"') {
      lexer.at += 1;
      return text;
    }
    if (character === "$") {
      const value = readVariable(lexer, depth);
      if (text.length <= MOST_LENGTH) text += value;
      continue;
    }
    const next = source[lexer.at + 1];
    if (character === escape && (next === '"' || next === "$" || next === escape)) {
      text += (keepEscapes ? escape : "") + next;
      lexer.at += 2;
    } else {
      text += character;
      lexer.at += 1;
    }
  }
  return refuse(lexer, 'a " is not closed', begin);
}

function readVariable(lexer: Lexer, depth: number): string {
  const { source } = lexer;
  const start = lexer.at;
  if (source[start + 1] !== "{") {
    const end = endOfName(source, start + 1);
    lexer.at = Math.max(end, start + 1);
    return end === start + 1 ? "$" : valueOf(lexer, source.slice(start + 1, end), start, "");
  }
  const end = endOfName(source, start + 2);
  const name = source.slice(start + 2, end);
  if (end >= source.length) return refuse(lexer, "a ${ is not closed by }", start);
  if (name === "") return refuse(lexer, "a ${ names no variable", start);
  if (depth >= MOST_DEPTH) return refuse(lexer, "its ${ are nested too deep", start);
  const modifier = modifierAt(source, end);
  lexer.at = end + modifier.length;
  if (modifier === "") {
    if (source[end] !== "}") return refuse(lexer, `\${${name}${source[end]} has no such modifier`, start);
    lexer.at = end + 1;
    return valueOf(lexer, name, start, "");
  }
  return modified(lexer, { name, start, modifier }, depth + 1);
}

function modifierAt(source: string, at: number): string {
  const first = source[at] ?? "";
  const second = source[at + 1] ?? "";
  if (first === ":") return second !== "" && "-+?".includes(second) ? first + second : "";
  return "-+?#%/".includes(first) ? first : "";
}

/** The value of a variable without modifier. */
function valueOf(lexer: Lexer, name: string, start: number, modifier: string): string {
  const value = look(lexer, name, start, modifier);
  if (value === null) lexer.result.unknown = true;
  return value === null ? lexer.source.slice(start, lexer.at) : (value ?? "");
}

function look(lexer: Lexer, name: string, start: number, modifier: string): string | null | undefined {
  const value = lexer.variables.get(name);
  lexer.result.uses.push({ name, start, end: lexer.at, modifier, known: value !== undefined });
  if (value === undefined && !/[-+]$/.test(modifier)) lexer.result.missing.push(name);
  return value;
}

interface Modified {
  name: string;
  start: number;
  modifier: string;
}

function modified(lexer: Lexer, { name, start, modifier }: Modified, depth: number): string {
  const { source, result } = lexer;
  const pattern = modifier === "#" || modifier === "%" || modifier === "/";
  const all = modifier === "/" && source[lexer.at] === "/";
  if (all) lexer.at += 1;
  const word = readUntil(lexer, modifier === "/" ? "/" : "}", pattern, depth);
  const replacement = modifier === "/" ? readUntil(lexer, "}", true, depth) : "";
  if (result.error !== null) return "";
  const value = look(lexer, name, start, modifier);
  if (value === null) {
    result.unknown = true;
    return source.slice(start, lexer.at);
  }
  if (!pattern) return chosen(lexer, { name, start, modifier }, value, word);
  if (value === undefined) return "";
  if (modifier === "/") return replaced(lexer, value, word, { replacement, all, start });
  return cut(lexer, value, word, { modifier, start });
}

function chosen(
  lexer: Lexer,
  { name, start, modifier }: Modified,
  value: string | undefined,
  word: string,
): string {
  const isSet = value !== undefined && !(modifier.startsWith(":") && value === "");
  switch (modifier.at(-1)) {
    case "-":
      return isSet ? value : word;
    case "+":
      return isSet ? word : "";
    default:
      return isSet ? value : refuse(lexer, `${name}: ${word === "" ? "must be set" : word}`, start);
  }
}

function cut(lexer: Lexer, value: string, word: string, { modifier, start }: Omit<Modified, "name">): string {
  const longest = word.startsWith(modifier);
  const pattern = readPattern(longest ? word.slice(1) : word);
  if (pattern === null) return refuse(lexer, `${word.slice(0, 40)} is no pattern`, start);
  if (value.length * word.length > MOST_WORK) return doubt(lexer, value);
  if (modifier === "#") {
    const end = matchAt(value, 0, pattern, longest);
    return end === -1 ? value : value.slice(end);
  }
  const end = matchAt(value.split("").toReversed().join(""), 0, reversed(pattern), longest);
  return end === -1 ? value : value.slice(0, value.length - end);
}

function replaced(
  lexer: Lexer,
  value: string,
  word: string,
  { replacement, all, start }: { replacement: string; all: boolean; start: number },
): string {
  const pattern = readPattern(word);
  if (pattern === null) return refuse(lexer, `${word.slice(0, 40)} is no pattern`, start);
  if (value.length * (word.length + replacement.length) > MOST_WORK) return doubt(lexer, value);
  let text = "";
  let at = 0;
  for (;;) {
    const found = findMatch(value, at, pattern);
    if (found === null) return text + value.slice(at);
    text += value.slice(at, found.start) + replacement;
    at = found.end;
    if (found.end === found.start) {
      text += value.charAt(at);
      at += 1;
    }
    if (!all || at > value.length) return text + value.slice(at);
  }
}

// Nobody writes patterns that long; what they would give is left open.
function doubt({ result }: Lexer, value: string): string {
  result.unknown = true;
  return value;
}
