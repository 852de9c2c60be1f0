import type { Comment } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import type { Line } from "./lines.ts";

/** An instruction's lines, before anything of it is understood. */
export interface LogicalLine {
  /** Stretches of the file that the builder joins: without continuation marks, comments and empty lines. */
  pieces: Range[];
  /** From the first character that is no blank to the end of the last line. */
  range: Range;
  /** Comments between its lines. */
  comments: Comment[];
  /** Empty lines between its lines, which the builder warns of. */
  gaps: Range[];
  /** Index of the line behind it. */
  next: number;
}

const MAX_LINES = 100_000;

/**
 * Joins the lines of the instruction that begins at line `from` (moby/buildkit, frontend/dockerfile/parser/
 * parser.go: a line goes on if it ends with a single escape character and blanks; comments and empty lines within
 * are left out).
 */
export function readLogicalLine(
  text: string,
  lines: readonly Line[],
  from: number,
  escape: string,
): LogicalLine {
  const first = lines[from] as Line;
  const indent = text.slice(first.start, first.end).search(/\S/);
  const start = first.start + Math.max(indent, 0);
  const logical: LogicalLine = {
    pieces: [],
    range: { start, end: first.end },
    comments: [],
    gaps: [],
    next: from + 1,
  };
  let goesOn = addPiece(text, { start, end: first.end }, escape, logical);
  while (goesOn && logical.next < lines.length && logical.pieces.length < MAX_LINES) {
    const line = lines[logical.next] as Line;
    logical.next += 1;
    const content = text.slice(line.start, line.end);
    const begin = content.search(/\S/);
    if (begin === -1) {
      logical.gaps.push({ start: line.start, end: line.end });
      continue;
    }
    if (content[begin] === "#") {
      logical.comments.push(commentAt(text, { start: line.start + begin, end: line.end }, true));
      continue;
    }
    logical.range.end = line.end;
    goesOn = addPiece(text, line, escape, logical);
  }
  return logical;
}

/** A comment from `#` to the end of its line. */
export function commentAt(text: string, range: Range, inside: boolean): Comment {
  return { range, text: text.slice(range.start + 1, range.end).trim(), inside };
}

/** Adds a line, and tells whether the next one belongs to it. */
function addPiece(text: string, { start, end }: Range, escape: string, { pieces }: LogicalLine): boolean {
  let last = end;
  while (last > start && (text[last - 1] === " " || text[last - 1] === "\t")) last -= 1;
  const marked = last > start && text[last - 1] === escape && !(last - 2 >= start && text[last - 2] === escape);
  pieces.push({ start, end: marked ? last - 1 : end });
  return marked;
}
