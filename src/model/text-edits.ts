import type { Range } from "./text.ts";

/**
 * Splices edits into a text. Edits of one place keep their order.
 *
 * @param edits offsets in the original text; none may overlap another
 * @throws RangeError if edits overlap or leave the text
 */
export function applyEdits(text: string, edits: readonly (Range & { text: string })[]): string {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let result = "";
  let at = 0;
  for (const { start, end, text: inserted } of sorted) {
    if (start < at || end < start || end > text.length) {
      throw new RangeError(`edit ${start}..${end} overlaps another one or leaves the text`);
    }
    result += text.slice(at, start) + inserted;
    at = end;
  }
  return result + text.slice(at);
}
