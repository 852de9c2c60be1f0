/** A stretch of a text: offsets in UTF-16 units, the end is exclusive. */
export interface Range {
  start: number;
  end: number;
}

/** One splice: the bytes of `path` outside `start`..`end` stay as they are. */
export interface TextEdit extends Range {
  path: string;
  /** What stands there afterwards. */
  text: string;
  /** The same place in lines and columns; stands in findings, not in what rules return. */
  region?: Region;
}

/** A place in a text; lines and columns count from 1, the end is exclusive. */
export interface Region {
  startLine: number;
  startColumn: number;
  endLine: number;
  endColumn: number;
}

/**
 * A way to mend a finding. `safe` keeps what the file builds or runs the same but for the fault; anything
 * that can change behaviour is `unsafe` and only applied when asked for.
 */
export interface Fix {
  /** What it does, as an order: "Add --no-install-recommends". */
  title: string;
  safety: "safe" | "unsafe";
  edits: TextEdit[];
}

/** Where lines begin: offset of the first character of each. */
export type LineStarts = readonly number[];

/** Finds the lines of a text; `\n` ends a line, `\r\n` counts as one end. */
export function lineStarts(text: string): LineStarts {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** A stretch in lines and columns. */
export function regionOf(starts: LineStarts, { start, end }: Range): Region {
  const from = placeAt(starts, start);
  const to = placeAt(starts, end);
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
}

/** Line and column of an offset, both counting from 1; columns count UTF-16 units. */
export function placeAt(starts: LineStarts, offset: number): { line: number; column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] as number) + 1 };
}
