import { lineStarts, type LineStarts, type Range } from "#model/text.ts";

/** One line of a file without its line end. */
export interface Line extends Range {
  /** Where the next line begins; the length of the text at the end. */
  next: number;
}

/** The lines of a file. They are cut when asked for: a hostile file has a million of them. */
export interface Lines {
  text: string;
  starts: LineStarts;
  /** What stands behind the last line end counts only if it holds something. */
  count: number;
}

/** Finds the lines of a text; one `\n` ends each (moby/buildkit, parser.go, scanLines). */
export function linesOf(text: string): Lines {
  const starts = lineStarts(text);
  return { text, starts, count: starts.at(-1) === text.length ? starts.length - 1 : starts.length };
}

/** Line `index`; every `\r` before its `\n` belongs to the line end, a byte order mark to none (trimNewline). */
export function lineAt({ text, starts }: Lines, index: number): Line {
  const begin = starts[index] ?? text.length;
  const next = starts[index + 1] ?? text.length;
  const start = begin === 0 && text.charCodeAt(0) === 0xfeff ? 1 : begin;
  let end = next;
  if (end > start && text.charCodeAt(end - 1) === 10) end -= 1;
  while (end > start && text.charCodeAt(end - 1) === 13) end -= 1;
  return { start, end, next };
}
