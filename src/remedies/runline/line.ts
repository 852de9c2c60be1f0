import type { DeclaredIn } from "#model/evidence/container.ts";
import type { Range, TextEdit } from "#model/text.ts";

/** A run line in its file, as what edits are made of. */
export interface Line {
  text: string;
  declaredIn: DeclaredIn;
}

type Place = DeclaredIn["place"];

/** Where options go: before the image, on a line of their own where the image stands on one. */
export function inserted({ text, declaredIn }: Line, options: string): TextEdit[] {
  const image = declaredIn.places.Image;
  if (image === undefined) return [];
  const gap = text.slice(gapBefore(text, image.start, declaredIn.place.start), image.start);
  return [edit(declaredIn, { start: image.start, end: image.start }, options + (gap === "" ? " " : gap))];
}

/** Takes an option out, with the blanks or the continued line before it. */
export function dropped({ text, declaredIn }: Line, place: Place | undefined): TextEdit[] {
  if (place === undefined) return [];
  const { start, end } = place;
  return [edit(declaredIn, { start: gapBefore(text, start, declaredIn.place.start), end }, "")];
}

/** Writes an option anew. */
export function replaced({ declaredIn }: Line, place: Place | undefined, option: string): TextEdit[] {
  return place === undefined ? [] : [edit(declaredIn, place, option)];
}

/** Changes a stretch within an option: `change` gets its text, and gives null where it knows no better one. */
export function rewritten(
  { text, declaredIn }: Line,
  place: Place | undefined,
  change: (option: string) => string | null,
): TextEdit[] {
  if (place === undefined) return [];
  const before = text.slice(place.start, place.end);
  const after = change(before);
  if (after === null || after === before) return [];
  // only what differs is written, so that nothing else can change
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  const range = { start: place.start + head, end: place.end - tail };
  return [edit(declaredIn, range, after.slice(head, after.length - tail))];
}

function edit({ path }: DeclaredIn, { start, end }: Range, text: string): TextEdit {
  return { path, start, end, text };
}

/**
 * Where the blanks before an offset begin: spaces, line ends (continued ones with their backslash), and the `> ` of a
 * session's continued line. The offset itself within a word.
 */
function gapBefore(text: string, offset: number, least: number): number {
  let at = offset;
  while (at > least) {
    const sign = text.charAt(at - 1);
    const next = text.charAt(at);
    const blank = /[ \t\r\n]/.test(sign);
    const continued = sign === "\\" && /[\r\n]/.test(next);
    const prompt = sign === ">" && /[ \t]/.test(next) && /[\r\n]/.test(text.charAt(at - 2));
    if (!blank && !continued && !prompt) break;
    at -= 1;
  }
  return at;
}
