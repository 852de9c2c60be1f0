import type { ComposeScalar } from "#model/evidence/compose.ts";
import { interpolate, type Lookup, type Segment } from "./interpolate.ts";

/** A text of the file with the place of each of its characters. */
export interface SourceText {
  text: string;
  /** Offset in the file of each offset in `text` (0..length). */
  origin(offset: number): number;
}

/**
 * The text that a scalar stands for, variables put in, with the way back into the file: exact for literal
 * blocks (`|`) and for what stands in the file as it is; the start of the scalar for the rest (folded lines,
 * escapes), where lines and columns would mislead.
 */
export function sourceText(scalar: ComposeScalar, file: string, lookup: Lookup): SourceText {
  const written = scalar.written === null ? "" : String(scalar.written);
  const parts = writtenSegments(scalar, written, file);
  const { text, segments } = interpolate(written, lookup);
  return {
    text,
    origin(offset) {
      const inWritten = back(segments, Math.max(0, Math.min(offset, text.length)), written.length);
      return back(parts, inWritten, scalar.place.end - scalar.place.start) + scalar.place.start;
    },
  };
}

/** Runs of the parsed text that stand in the file as they are; offsets count from the start of the scalar. */
function writtenSegments({ style, place }: ComposeScalar, written: string, file: string): Segment[] {
  const raw = file.slice(place.start, place.end);
  if (style === "literal") return literalSegments(raw, written);
  const shift = style === "single" || style === "double" ? 1 : 0;
  const same = raw.slice(shift, raw.length - shift) === written;
  return same ? [{ at: 0, from: shift, length: written.length }] : [];
}

// A literal block is its lines less the same indentation each (YAML 1.2.2, 8.1.2); blank ones may have less.
function literalSegments(raw: string, written: string): Segment[] {
  const segments: Segment[] = [];
  let from = raw.indexOf("\n") + 1;
  if (from === 0) return segments;
  let indent = -1;
  for (let at = 0; at <= written.length && from < raw.length;) {
    const end = lineEnd(written, at);
    const rawEnd = lineEnd(raw, from);
    const length = end - at;
    if (indent < 0 && length > 0) indent = rawEnd - from - (raw[rawEnd - 1] === "\r" ? 1 : 0) - length;
    const start = Math.min(from + Math.max(0, indent), rawEnd);
    segments.push({ at, from: start, length: length + 1 });
    at = end + 1;
    from = rawEnd + 1;
  }
  return segments;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** The source offset of an offset in the result: within a segment exact, between two the end of the one before. */
function back(segments: readonly Segment[], offset: number, whole: number): number {
  let low = 0;
  let high = segments.length - 1;
  let found: Segment | undefined;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle] as Segment;
    if (segment.at <= offset) {
      found = segment;
      low = middle + 1;
    } else high = middle - 1;
  }
  if (found === undefined) return 0;
  return Math.min(found.from + Math.min(offset - found.at, found.length), Math.max(whole, 0));
}
