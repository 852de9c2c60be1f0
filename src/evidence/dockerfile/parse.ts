import type { Comment, Dockerfile, Instruction, SyntaxProblem } from "#model/evidence/dockerfile.ts";
import { lineStarts } from "#model/text.ts";
import { readDirectives } from "./directives.ts";
import { announcedHeredocs, readBodies } from "./heredocs.ts";
import { readInstruction } from "./instruction.ts";
import { joinPieces } from "./joined.ts";
import { cutLines, type Line } from "./lines.ts";
import { commentAt, readLogicalLine } from "./logical.ts";
import { attachShell } from "./shell-bodies.ts";
import { readStages } from "./stages.ts";
import { syntaxProblems } from "./syntax-problems.ts";

const WITH_HEREDOCS = new Set(["RUN", "COPY", "ADD"]);

/**
 * Reads a Dockerfile as BuildKit does, and goes on where BuildKit gives up: whatever it would refuse is a
 * problem beside the rest of the tree. Never throws; time grows with the length of the text.
 */
export function parseDockerfile(text: string): Dockerfile {
  const lines = cutLines(text);
  const { directives, escape, problems } = readDirectives(text, lines);
  const dockerfile: Dockerfile = {
    text,
    lines: lineStarts(text),
    directives,
    escape,
    comments: [],
    instructions: [],
    globalArgs: [],
    stages: [],
    problems: problems.map(({ message, at }) => ({ message, range: lineOf(lines, at) })),
  };
  readAll(dockerfile, lines);
  const firstFrom = dockerfile.instructions.findIndex(({ keyword }) => keyword === "FROM");
  dockerfile.globalArgs = dockerfile.instructions
    .slice(0, firstFrom === -1 ? dockerfile.instructions.length : firstFrom)
    .filter(({ keyword }) => keyword === "ARG");
  dockerfile.stages = readStages(dockerfile);
  attachShell(dockerfile);
  dockerfile.problems.push(...syntaxProblems(dockerfile));
  return dockerfile;
}

function readAll(dockerfile: Dockerfile, lines: readonly Line[]): void {
  const { text, escape, comments, instructions } = dockerfile;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] as Line;
    const content = text.slice(line.start, line.end);
    const begin = content.search(/\S/);
    if (begin === -1) at += 1;
    else if (content[begin] === "#") {
      comments.push(commentAt(text, { start: line.start + begin, end: line.end }, false));
      at += 1;
    } else at = readOne(dockerfile, lines, at, { escape, comments, instructions });
  }
}

function readOne(
  { text }: Dockerfile,
  lines: readonly Line[],
  at: number,
  into: { escape: string; comments: Comment[]; instructions: Instruction[] },
): number {
  const logical = readLogicalLine(text, lines, at, into.escape);
  into.comments.push(...logical.comments);
  const joined = joinPieces(text, logical.pieces);
  const instruction = readInstruction(joined, logical.range, into.escape);
  const { trigger } = instruction;
  instruction.index = into.instructions.length;
  instruction.gaps = logical.gaps;
  into.instructions.push(instruction);
  const host = trigger ?? instruction;
  if (!WITH_HEREDOCS.has(host.keyword) || host.json) return logical.next;
  const announced = announcedHeredocs(host.arguments, into.escape);
  if (announced.length === 0) return logical.next;
  const { heredocs, next } = readBodies(text, lines, logical.next, announced);
  instruction.heredocs = heredocs;
  if (trigger !== null) trigger.heredocs = heredocs;
  instruction.range = { start: logical.range.start, end: lines[next - 1]?.end ?? text.length };
  return next;
}

function lineOf(lines: readonly Line[], at: number): SyntaxProblem["range"] {
  const line = lines.find(({ start }) => start === at);
  return { start: at, end: line?.end ?? at };
}
