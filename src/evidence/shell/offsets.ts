import type { CommandExpansionPart } from "unbash";

/** Turns an offset of one text into the offset of the text that it was taken from. */
export type Offsets = (offset: number) => number;

/** The offsets of a text that was taken as it is. */
export const same: Offsets = (offset) => offset;

const DECODED = new Set(["$", "`", "\\"]);

/**
 * Offsets of the script in a command substitution. Between backquotes a backslash is taken away before the inner
 * code is read (POSIX XCU 2.6.3); the parser then counts in that decoded text, which this maps back.
 *
 * @param outer offsets of the text that holds `part`
 */
export function scriptOffsets(part: CommandExpansionPart, outer: Offsets): Offsets {
  const decoded = part.script?.source;
  if (decoded === undefined || !part.text.startsWith("`")) return outer;
  const raw = part.text;
  const places = new Uint32Array(decoded.length + 1);
  let from = 1; // behind the opening backquote
  for (let to = 0; to < decoded.length; to++) {
    const next = raw[from + 1] ?? "";
    // `\"` loses its backslash only within double quotes: what was decoded tells which
    const dropped =
      raw[from] === "\\" && (DECODED.has(next) || (next === '"' && decoded[to] === '"')) ? 1 : 0;
    places[to] = from; // a range that begins here takes the backslash with it
    from += dropped + 1;
    if (raw[from - 1] === "\\" && dropped === 0 && to + 1 < decoded.length) {
      places[++to] = from++; // the pair stays together: `\n` of a continued line, `\x`
    }
  }
  places[decoded.length] = from;
  const { pos } = part;
  return (offset) => outer(pos + (places[Math.max(0, Math.min(offset, decoded.length))] ?? raw.length));
}
