import type { Heredoc, JoinedText } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import { isBlank } from "./chars.ts";
import { heredocMarks } from "./heredoc-marks.ts";
import { fileRange, joinPieces } from "./joined.ts";
import { isKeyword, KEYWORDS } from "./keywords.ts";
import { lineAt, type Lines } from "./lines.ts";

/** A heredoc that an instruction announces; its body follows in the next lines. */
export type Announced = Pick<Heredoc, "name" | "quoted" | "chomp" | "descriptor" | "range">;

/** Heredocs that the text of an instruction announces: `<<EOF`, `3<<-"EOF"`. */
export function announcedHeredocs(joined: JoinedText): Announced[] {
  return heredocMarks(joined.text).map(({ start, end, name, quoted, chomp, descriptor }) => ({
    name,
    quoted,
    chomp,
    descriptor,
    range: fileRange(joined, start, end),
  }));
}

/** Lines that may be searched in vain for the ends of heredocs, so that ten thousand open ones cost no more. */
export interface SearchBudget {
  lines: number;
}

/**
 * Reads the bodies of heredocs, one behind the other, from the lines behind an instruction (moby/buildkit,
 * parser/parser.go, Parse): everything up to a line that equals the name, comments included. A heredoc without end,
 * which the builder refuses, reaches to the next line that looks like an instruction, so that what follows is read.
 *
 * @param from index of the line behind it
 * @returns the heredocs, and the index of the line behind the last of them
 */
export function readBodies(
  lines: Lines,
  from: number,
  announced: readonly Announced[],
  budget: SearchBudget,
): { heredocs: Heredoc[]; next: number } {
  const { text } = lines;
  let at = from;
  let open = false;
  const heredocs = announced.map((heredoc): Heredoc => {
    const start = at < lines.count ? lineAt(lines, at).start : text.length;
    const end = open ? -1 : endLine(lines, at, heredoc, budget);
    if (end === -1) {
      if (!open) while (at < lines.count && !startsInstruction(lines, at)) at += 1;
      open = true;
    }
    const bodyEnd = end === -1 ? at : end;
    const bodyRange = { start, end: bodyEnd < lines.count ? (lines.starts[bodyEnd] as number) : text.length };
    if (end !== -1) at = end + 1;
    return { ...heredoc, bodyRange, body: bodyOf(text, bodyRange, heredoc.chomp), closed: end !== -1 };
  });
  return { heredocs, next: at };
}

function endLine(lines: Lines, from: number, heredoc: Announced, budget: SearchBudget): number {
  const most = Math.min(lines.count, from + budget.lines);
  for (let at = from; at < most; at += 1) if (isEnd(lines.text, lineAt(lines, at), heredoc)) return at;
  budget.lines -= Math.max(most - from, 0);
  return -1;
}

function startsInstruction(lines: Lines, index: number): boolean {
  const { start, end } = lineAt(lines, index);
  let at = start;
  while (at < end && at - start < LONGEST_KEYWORD && !isBlank(lines.text.charCodeAt(at))) at += 1;
  return (
    at > start && at < end && isBlank(lines.text.charCodeAt(at)) && isKeyword(lines.text.slice(start, at))
  );
}

const LONGEST_KEYWORD = Math.max(...KEYWORDS.map((keyword) => keyword.length));

function isEnd(text: string, { start, end }: Range, { name, chomp }: Announced): boolean {
  let at = start;
  if (chomp) while (at < end && text.charCodeAt(at) === 9) at += 1;
  return end - at === name.length && text.startsWith(name, at);
}

function bodyOf(text: string, { start, end }: Range, chomp: boolean): string {
  const body = text.slice(start, end);
  return chomp ? body.replaceAll(/^\t+/gm, "") : body;
}

/**
 * The body of a heredoc as a shell reads it, with its place: leading tabs of `<<-` are left out, and so are carriage
 * returns before line ends.
 */
export function joinedBody(
  text: string,
  { bodyRange, chomp }: Pick<Heredoc, "bodyRange" | "chomp">,
): JoinedText {
  return joinPieces(text, scriptPieces(text, bodyRange, chomp));
}

/** Stretches of `range` without what {@link joinedBody} leaves out. */
export function scriptPieces(text: string, { start, end }: Range, chomp: boolean): Range[] {
  const crlf = text.slice(start, end).includes("\r\n");
  if (!chomp && !crlf) return [{ start, end }];
  const pieces: Range[] = [];
  for (let at = start; at < end;) {
    const feed = text.indexOf("\n", at);
    const next = feed === -1 || feed >= end ? end : feed + 1;
    let begin = at;
    if (chomp) while (begin < next && text.charCodeAt(begin) === 9) begin += 1;
    const returned =
      next - 2 >= begin && text.charCodeAt(next - 1) === 10 && text.charCodeAt(next - 2) === 13;
    if (returned) pieces.push({ start: begin, end: next - 2 }, { start: next - 1, end: next });
    else pieces.push({ start: begin, end: next });
    at = next;
  }
  return pieces;
}
