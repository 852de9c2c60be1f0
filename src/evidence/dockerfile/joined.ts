import type { JoinedText } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";

/** Joins stretches of a file into one text that still knows where each character came from. */
export function joinPieces(text: string, pieces: readonly Range[]): JoinedText {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) {
    return { text: text.slice(only.start, only.end), origin: (offset) => only.start + offset };
  }
  const joinedAt: number[] = [];
  const fileAt: number[] = [];
  const parts: string[] = [];
  let length = 0;
  for (const { start, end } of pieces) {
    if (end <= start) continue;
    joinedAt.push(length);
    fileAt.push(start);
    parts.push(text.slice(start, end));
    length += end - start;
  }
  if (parts.length === 0) return { text: "", origin: () => only?.start ?? 0 };
  return { text: parts.join(""), origin: mapping(joinedAt, fileAt) };
}

function mapping(joinedAt: readonly number[], fileAt: readonly number[]): (offset: number) => number {
  // Offsets are asked for in order, so the piece of the last answer is tried first.
  let last = 0;
  return (offset) => {
    if ((joinedAt[last] as number) > offset || (joinedAt[last + 1] ?? Infinity) <= offset) {
      let low = 0;
      let high = joinedAt.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((joinedAt[middle] as number) <= offset) low = middle;
        else high = middle - 1;
      }
      last = low;
    }
    return (fileAt[last] as number) + offset - (joinedAt[last] as number);
  };
}

/** A part of a joined text, from `start` on. */
export function dropStart({ text, origin }: JoinedText, start: number, end = text.length): JoinedText {
  return { text: text.slice(start, end), origin: (offset) => origin(start + offset) };
}

/** Where a stretch of a joined text stands in the file; it ends behind its last character. */
export function fileRange({ origin }: Pick<JoinedText, "origin">, start: number, end: number): Range {
  const from = origin(start);
  return { start: from, end: end > start ? origin(end - 1) + 1 : from };
}
