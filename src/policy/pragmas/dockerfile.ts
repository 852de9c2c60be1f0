import type { Dockerfile, Instruction } from "#model/evidence/dockerfile.ts";
import { placeAt } from "#model/text.ts";
import { type BadPragma, type Pragma, type Pragmas, readCheck, readHadolint, readOurs } from "./pragma.ts";

/** Finds the pragmas of a Dockerfile in its comments and directives. */
export function dockerfilePragmas(dockerfile: Dockerfile): Pragmas {
  const { lines: starts, comments, directives, instructions, stages, text } = dockerfile;
  const lineOf = (offset: number): number => placeAt(starts, offset).line;
  const pragmas: Pragma[] = [];
  const bad: BadPragma[] = [];
  const whole = { first: 1, last: starts.length };
  for (const { name, value, range } of directives) {
    const read = name === "check" ? readCheck(`check=${value}`) : null;
    if (read === null) continue;
    pragmas.push({ ...read, notation: "check", lines: whole, range, line: lineOf(range.start) });
  }
  const directiveStarts = new Set(directives.map(({ range }) => range.start));
  const scopeOf = (scope: "next" | "stage" | "file", at: number): Pragma["lines"] => {
    if (scope === "file") return whole;
    const next = instructions[firstAfter(instructions, at)];
    if (scope === "next") return next === undefined ? NOWHERE : linesOf(next);
    // hadolint's word for it: before a FROM the stage that it begins, within a stage the rest of it.
    const index = next?.stage ?? -1;
    const following = stages[index + 1];
    const last = following === undefined ? starts.length : lineOf(following.from.range.start) - 1;
    return next === undefined ? NOWHERE : { first: lineOf(next.range.start), last };
  };
  const linesOf = ({ range }: Instruction): Pragma["lines"] => ({
    first: lineOf(range.start),
    last: lineOf(Math.max(range.start, range.end - 1)),
  });
  for (const { text: comment, range } of comments) {
    if (directiveStarts.has(range.start)) continue;
    const line = lineOf(range.start);
    const ours = readOurs(comment);
    if (typeof ours === "string") bad.push({ message: ours, range });
    else if (ours !== null) {
      pragmas.push({ ...ours, notation: "seaworthy", lines: scopeOf(ours.scope, range.end), range, line });
    }
    const theirs = readHadolint(comment);
    if (theirs !== null) {
      pragmas.push({ ...theirs, notation: "hadolint", lines: scopeOf(theirs.scope, range.end), range, line });
    }
    const check = readCheck(comment);
    if (check !== null && isAttached(text, range.end, instructions)) {
      pragmas.push({ ...check, notation: "check", lines: scopeOf("next", range.end), range, line });
    }
  }
  return { pragmas, bad };
}

const NOWHERE = { first: 0, last: -1 };

function firstAfter(instructions: readonly Instruction[], offset: number): number {
  let low = 0;
  let high = instructions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instructions[middle] as Instruction).range.start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The builder attaches comments to the instruction that follows without an empty line.
function isAttached(text: string, from: number, instructions: readonly Instruction[]): boolean {
  const next = instructions[firstAfter(instructions, from)];
  return next !== undefined && !/\n[ \t]*\r?\n/.test(text.slice(from, next.range.start));
}
