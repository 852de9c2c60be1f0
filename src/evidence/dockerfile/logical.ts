import type { Comment } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import { skipSpaces } from "./chars.ts";
import { lineAt, type Lines } from "./lines.ts";

/** An instruction's lines, before anything of it is understood. */
export interface LogicalLine {
  /** Stretches of the file that the builder joins: without continuation marks, comments and empty lines. */
  pieces: Range[];
  /** From the first character that is no white space to the end of the last line that is not empty. */
  range: Range;
  /** Comments between its lines. */
  comments: Comment[];
  /** Empty lines between its lines, which the builder warns of. */
  gaps: Range[];
  /** Index of the line behind it. */
  next: number;
}

/**
 * Joins the lines of the instruction that begins at line `from` (moby/buildkit, parser/parser.go, Parse: a line
 * goes on if it ends with a single escape character and blanks; comments and empty lines within are left out, and
 * all white space but that before the first word stays).
 *
 * @param from index of a line that is neither empty nor a comment
 */
export function readLogicalLine(lines: Lines, from: number, escape: string): LogicalLine {
  const { text } = lines;
  const first = lineAt(lines, from);
  const start = skipSpaces(text, first.start, first.end);
  const logical: LogicalLine = {
    pieces: [],
    range: { start, end: first.end },
    comments: [],
    gaps: [],
    next: from + 1,
  };
  let goesOn = addPiece(text, { start, end: first.end }, escape, logical.pieces);
  while (goesOn && logical.next < lines.count) {
    const line = lineAt(lines, logical.next);
    logical.next += 1;
    const begin = skipSpaces(text, line.start, line.end);
    if (begin === line.end) {
      logical.gaps.push({ start: line.start, end: line.end });
      continue;
    }
    logical.range.end = line.end;
    if (text[begin] === "#") logical.comments.push(commentAt(text, { start: begin, end: line.end }, true));
    else goesOn = addPiece(text, line, escape, logical.pieces);
  }
  return logical;
}

/** A comment from `#` to the end of its line. */
export function commentAt(text: string, range: Range, inside: boolean): Comment {
  return { range, text: text.slice(range.start + 1, range.end).trim(), inside };
}

/** Adds a line, and tells whether the next one belongs to it. */
function addPiece(text: string, { start, end }: Range, escape: string, pieces: Range[]): boolean {
  let last = end;
  while (last > start && (text[last - 1] === " " || text[last - 1] === "\t")) last -= 1;
  const marked =
    last > start && text[last - 1] === escape && !(last - 2 >= start && text[last - 2] === escape);
  pieces.push({ start, end: marked ? last - 1 : end });
  return marked;
}
