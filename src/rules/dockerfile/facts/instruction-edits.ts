import type { Dockerfile, Instruction } from "#model/evidence/dockerfile.ts";
import type { Fix, Range, TextEdit } from "#model/text.ts";

/** What an edit needs to know of the file. */
export interface EditedFile {
  path: string;
  dockerfile: Dockerfile;
}

/** One way to mend: its title as an order, and the splices. */
export function fixOf(title: string, safety: Fix["safety"], edits: readonly TextEdit[]): Fix {
  return { title, safety, edits: [...edits] };
}

/** Puts a text in the place of a range. */
export function replaced({ path }: Pick<EditedFile, "path">, { start, end }: Range, text: string): TextEdit {
  return { path, start, end, text };
}

/** Puts a text before an offset. */
export function inserted({ path }: Pick<EditedFile, "path">, at: number, text: string): TextEdit {
  return { path, start: at, end: at, text };
}

/**
 * Removes an instruction with its lines; null where comments stand within it, which a machine must not delete.
 */
export function withoutInstruction(
  { path, dockerfile }: EditedFile,
  { range }: Pick<Instruction, "range">,
): TextEdit | null {
  const { text } = dockerfile;
  if (hasCommentWithin(dockerfile, range)) return null;
  const start = lineStart(text, range.start);
  const feed = text.indexOf("\n", range.end);
  return { path, start, end: feed === -1 ? text.length : feed + 1, text: "" };
}

/** True if a comment stands between the lines of a range. Comments are in order: the first behind its start tells. */
export function hasCommentWithin({ comments }: Pick<Dockerfile, "comments">, { start, end }: Range): boolean {
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((comments[middle]?.range.start ?? Infinity) < start) low = middle + 1;
    else high = middle;
  }
  const next = comments[low];
  return next !== undefined && next.inside && next.range.start < end;
}

/** Removes a flag of the builder with the blanks before it. */
export function withoutFlag({ path, dockerfile }: EditedFile, { start, end }: Range): TextEdit {
  let from = start;
  while (from > 0 && (dockerfile.text[from - 1] === " " || dockerfile.text[from - 1] === "\t")) from -= 1;
  return { path, start: from, end, text: "" };
}

/** The line end that the file uses, by its first line. */
export function lineEnd({ text }: Pick<Dockerfile, "text">): string {
  const feed = text.indexOf("\n");
  return feed > 0 && text[feed - 1] === "\r" ? "\r\n" : "\n";
}

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** The JSON form of a command, as people write it. */
export function jsonForm(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}

/** A value in double quotes as the builder reads them back: quotes and the escape character protected. */
export function quoted(value: string, escape: string): string {
  let text = "";
  for (const character of value) {
    text += character === '"' || character === escape ? escape + character : character;
  }
  return `"${text}"`;
}
