import type { JoinedText, Word } from "#model/evidence/dockerfile.ts";
import { fileRange } from "./joined.ts";

const MAX_ELEMENTS = 100_000;

/**
 * Reads the JSON form of an instruction: an array of strings and nothing behind it.
 *
 * @returns its elements as words (`raw` with quotes, `value` decoded), or null if it is not one and the builder
 *   takes the text for shell form
 */
export function readJsonForm(joined: JoinedText): Word[] | null {
  const { text } = joined;
  const open = text.search(/\S/);
  if (open === -1 || text[open] !== "[" || !text.trimEnd().endsWith("]")) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(parsed) || parsed.length > MAX_ELEMENTS) return null;
  if (!parsed.every((element) => typeof element === "string")) return null;
  const words: Word[] = [];
  // It is valid JSON of strings only: strings follow each other, and a backslash escapes one character.
  for (const { 0: raw, index } of text.matchAll(/"(?:[^"\\]|\\.)*"/g)) {
    words.push({
      raw,
      value: parsed[words.length] as string,
      range: fileRange(joined, index, index + raw.length),
      quote: '"',
    });
  }
  return words;
}
