import type { Assignment, Command, Redirect, Word } from "unbash";
import type { Span } from "./tree.ts";

/** A test between brackets, as a tree; `null` operands are what could not be read. */
export type Test =
  | { kind: "word"; word: Word; pos: number; end: number }
  | { kind: "unary"; operator: Word; word: Word; pos: number; end: number }
  | { kind: "binary"; operator: Operator; left: Word; right: Word; pos: number; end: number }
  | { kind: "not"; operator: Word; test: Test; pos: number; end: number }
  | { kind: "logic"; operator: Word; left: Test; right: Test; pos: number; end: number };

/** `=`, `-eq`, and `<` and `>`, which the parser takes for a redirection. */
export interface Operator extends Span {
  text: string;
}

/** What stands between `[` and `]`, and where it does not fit. */
export interface Brackets {
  /** null for `[ ]`. */
  test: Test | null;
  /** Where the test cannot be read; null if it is sound. */
  fault: (Span & { text?: string }) | null;
}

type Token = Word | Redirect;

const BINARY = new Set([
  "=",
  "==",
  "!=",
  "=~",
  "<",
  ">",
  "<=",
  ">=",
  "-eq",
  "-ne",
  "-lt",
  "-le",
  "-gt",
  "-ge",
  "-nt",
  "-ot",
  "-ef",
]);
const DASHED = /^-[A-Za-z]+$/;
const UNARY = /^-[A-Za-z]+$/;

/** Reads the arguments of `[` (POSIX XCU, test). */
export function readBrackets(command: Command): Brackets {
  const tokens: Token[] = [];
  let closed = false;
  for (const item of command.suffix) {
    if (closed) {
      if (item.type === "Word" || item.type === "Assignment") return { test: null, fault: item };
      continue;
    }
    if (item.type === "Word" && item.text === "]") closed = true;
    else if (item.type === "Redirect" && isComparison(item)) tokens.push(item);
    else if (item.type === "Word") tokens.push(item);
    else return { test: null, fault: item as Assignment | Redirect };
  }
  if (!closed) return { test: null, fault: { pos: command.end, end: command.end } };
  if (tokens.length === 0) return { test: null, fault: null };
  const reader = { tokens, at: 0 };
  const test = either(reader);
  const rest = reader.tokens[reader.at];
  if (test === null || rest !== undefined)
    return { test, fault: rest ?? { pos: command.end - 1, end: command.end - 1 } };
  return { test, fault: null };
}

interface Reader {
  tokens: readonly Token[];
  at: number;
}

/** `[ a < b ]`: an unquoted `<` behind the left side. */
function isComparison({ operator, descriptor, target }: Redirect): boolean {
  return descriptor === undefined && (operator === "<" || operator === ">") && target !== undefined;
}

function peek({ tokens, at }: Reader, ahead = 0): string | null {
  const token = tokens[at + ahead];
  return token === undefined || token.type !== "Word" ? null : token.value;
}

function either(reader: Reader): Test | null {
  return chain(reader, "-o", both);
}

function both(reader: Reader): Test | null {
  return chain(reader, "-a", one);
}

function chain(reader: Reader, operator: string, inner: (reader: Reader) => Test | null): Test | null {
  let left = inner(reader);
  while (left !== null && peek(reader) === operator && reader.at + 1 < reader.tokens.length) {
    const sign = reader.tokens[reader.at++] as Word;
    const right = inner(reader);
    if (right === null) return null;
    left = { kind: "logic", operator: sign, left, right, pos: left.pos, end: right.end };
  }
  return left;
}

function one(reader: Reader): Test | null {
  const { tokens, at } = reader;
  const token = tokens[at];
  if (token?.type !== "Word") return null;
  const text = token.value;
  const unquoted = token.parts === undefined;
  if (unquoted && text === "!" && tokens[at + 1] !== undefined && !isComparing(tokens[at + 1])) {
    reader.at++;
    const test = one(reader);
    return test === null ? null : { kind: "not", operator: token, test, pos: token.pos, end: test.end };
  }
  if (text === "(" && peek(reader, 1) !== null) {
    reader.at++;
    const test = either(reader);
    if (test === null || peek(reader) !== ")") return null;
    reader.at++;
    return test;
  }
  const next = tokens[at + 1];
  if (isOperator(next, tokens[at + 2])) {
    if (next?.type === "Redirect" && next.target?.text === "=" && tokens[at + 2]?.type === "Word") {
      // `[ a >= b ]`
      const right = tokens[at + 2] as Word;
      const operator = { pos: next.pos, end: next.end, text: `${next.operator}=` };
      reader.at += 3;
      return { kind: "binary", operator, left: token, right, pos: token.pos, end: right.end };
    }
    if (next?.type === "Redirect") {
      const right = next.target as Word;
      const operator = { pos: next.pos, end: next.pos + 1, text: next.operator };
      reader.at += 2;
      return { kind: "binary", operator, left: token, right, pos: token.pos, end: right.end };
    }
    const right = tokens[at + 2] as Word;
    const { pos, end, value } = next as Word;
    reader.at += 3;
    return {
      kind: "binary",
      operator: { pos, end, text: value },
      left: token,
      right,
      pos: token.pos,
      end: right.end,
    };
  }
  if (unquoted && UNARY.test(text) && next?.type === "Word") {
    reader.at += 2;
    return { kind: "unary", operator: token, word: next, pos: token.pos, end: next.end };
  }
  if (unquoted && UNARY.test(text) && next === undefined) return null; // `[ -f ]`
  reader.at++;
  return { kind: "word", word: token, pos: token.pos, end: token.end };
}

/** `[ ! = x ]` compares; `[ ! -f x ]` does not. */
function isComparing(token: Token | undefined): boolean {
  return token?.type === "Word" && BINARY.has(token.value) && !token.value.startsWith("-");
}

function isOperator(token: Token | undefined, right: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.type === "Redirect") return true;
  if (right?.type !== "Word") return false;
  return (
    BINARY.has(token.value) ||
    (token.parts === undefined && DASHED.test(token.text) && token.text !== "-a" && token.text !== "-o")
  );
}

/** Every part of a test, each before what is in it. */
export function* partsOfTest(test: Test): Generator<Test> {
  yield test;
  if (test.kind === "not") yield* partsOfTest(test.test);
  if (test.kind === "logic") {
    yield* partsOfTest(test.left);
    yield* partsOfTest(test.right);
  }
}
