import type { Range } from "#model/text.ts";

/** One line of a file without its line end. */
export interface Line extends Range {
  /** Where the next line begins; the length of the text at the end. */
  next: number;
}

/** Cuts a text into lines; `\r` before `\n` belongs to the line end (bufio.ScanLines as the builder uses it). */
export function cutLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  while (start < text.length) {
    const feed = text.indexOf("\n", start);
    const next = feed === -1 ? text.length : feed + 1;
    let end = feed === -1 ? text.length : feed;
    if (end > start && text[end - 1] === "\r") end -= 1;
    lines.push({ start, end, next });
    start = next;
  }
  return lines;
}
