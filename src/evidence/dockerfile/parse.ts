import type { Dockerfile, Instruction } from "#model/evidence/dockerfile.ts";
import { skipSpaces } from "./chars.ts";
import { readDirectives } from "./directives.ts";
import { frontendOfJson } from "./frontend-json.ts";
import { announcedHeredocs, readBodies, type SearchBudget } from "./heredocs.ts";
import { readInstruction } from "./instruction.ts";
import { joinPieces } from "./joined.ts";
import { lineAt, type Lines, linesOf } from "./lines.ts";
import { commentAt, readLogicalLine } from "./logical.ts";
import { attachShell } from "./shell-bodies.ts";
import { readStages } from "./stages.ts";
import { syntaxProblems } from "./syntax-problems.ts";

/**
 * Reads a Dockerfile as BuildKit does, and goes on where BuildKit gives up: whatever it would refuse is a
 * problem beside the rest of the tree. Never throws; time grows with the length of the text.
 */
export function parseDockerfile(text: string): Dockerfile {
  const lines = linesOf(text);
  const { directives, escape, problems, next } = readDirectives(lines);
  const dockerfile: Dockerfile = {
    text,
    lines: lines.starts,
    directives,
    escape,
    comments: [],
    instructions: [],
    globalArgs: [],
    stages: [],
    problems: problems.map(({ message, range }) => ({ code: "directive", message, range })),
  };
  const frontend = frontendOfJson(text);
  if (frontend === null) readAll(dockerfile, lines, next);
  else dockerfile.directives = [frontend];
  const firstFrom = dockerfile.instructions.findIndex(({ keyword }) => keyword === "FROM");
  dockerfile.globalArgs = dockerfile.instructions
    .slice(0, firstFrom === -1 ? dockerfile.instructions.length : firstFrom)
    .filter(({ keyword }) => keyword === "ARG");
  dockerfile.stages = readStages(dockerfile);
  for (const problem of attachShell(dockerfile)) dockerfile.problems.push(problem);
  for (const problem of syntaxProblems(dockerfile)) dockerfile.problems.push(problem);
  return dockerfile;
}

// An image has at most 127 layers: what holds more instructions was not written to be built.
const MOST_INSTRUCTIONS = 20_000;

/** Reads instructions and comments; lines before `from` are directives, but for a `#!` line. */
function readAll(dockerfile: Dockerfile, lines: Lines, from: number): void {
  const { text, comments } = dockerfile;
  const budget: SearchBudget = { lines: 1_000_000 };
  if (from > 0 && text.startsWith("#!", lineAt(lines, 0).start)) {
    comments.push(commentAt(text, lineAt(lines, 0), false));
  }
  for (let at = from; at < lines.count;) {
    const line = lineAt(lines, at);
    const begin = skipSpaces(text, line.start, line.end);
    if (dockerfile.instructions.length >= MOST_INSTRUCTIONS) {
      const message = `these are more than ${MOST_INSTRUCTIONS} instructions: the rest is not read`;
      dockerfile.problems.push({ code: "more", message, range: { start: line.start, end: line.end } });
      return;
    }
    if (begin === line.end) at += 1;
    else if (text[begin] === "#") {
      comments.push(commentAt(text, { start: begin, end: line.end }, false));
      at += 1;
    } else at = readOne(dockerfile, lines, at, budget);
  }
}

/** Reads the instruction at line `at` with its heredocs, and returns the line behind it. */
function readOne(
  { text, escape, comments, instructions }: Dockerfile,
  lines: Lines,
  at: number,
  budget: SearchBudget,
): number {
  const logical = readLogicalLine(lines, at, escape);
  for (const comment of logical.comments) comments.push(comment);
  const joined = joinPieces(text, logical.pieces);
  const instruction = readInstruction(joined, logical.range, escape);
  const { trigger } = instruction;
  instruction.index = instructions.length;
  if (trigger !== null) trigger.index = instructions.length;
  instruction.gaps = logical.gaps;
  instructions.push(instruction);
  if (!takesHeredocs(trigger ?? instruction)) return logical.next;
  const announced = announcedHeredocs(joined);
  if (announced.length === 0) return logical.next;
  const { heredocs, next } = readBodies(lines, logical.next, announced, budget);
  if (next > logical.next) {
    const end = lineAt(lines, next - 1).end;
    instruction.range = { start: logical.range.start, end };
    if (trigger !== null) trigger.range = { start: trigger.range.start, end };
  }
  instruction.heredocs = heredocs;
  if (trigger !== null) trigger.heredocs = heredocs;
  return next;
}

function takesHeredocs({ keyword, json }: Instruction): boolean {
  return (keyword === "RUN" || keyword === "COPY" || keyword === "ADD") && !json;
}
