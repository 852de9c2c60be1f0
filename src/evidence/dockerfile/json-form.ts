import type { JoinedText, Word } from "#model/evidence/dockerfile.ts";
import { skipSpaces, trimmedEnd } from "./chars.ts";
import { fileRange } from "./joined.ts";

/**
 * Reads the JSON form of an instruction: an array of strings and nothing behind it (moby/buildkit,
 * parser/line_parsers.go, parseJSON).
 *
 * @returns its elements as words (`raw` with quotes, `value` decoded), or null if it is not one and the builder
 *   takes the text for shell form
 */
export function readJsonForm(joined: JoinedText): Word[] | null {
  const { text } = joined;
  const parsed = arrayIn(text);
  if (parsed === null || !parsed.every((element) => typeof element === "string")) return null;
  const words: Word[] = [];
  // It is valid JSON of strings only: strings follow each other, and a backslash escapes one character.
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at)) {
    const start = at;
    for (at += 1; text[at] !== '"'; at += 1) if (text[at] === "\\") at += 1;
    at += 1;
    words.push({
      raw: text.slice(start, at),
      value: parsed[words.length] as string,
      range: fileRange(joined, start, at),
      quote: '"',
    });
  }
  return words;
}

/** An array with something in it that is no string: the builder refuses it in place of calling it shell form. */
export function isArrayOfOthers(text: string): boolean {
  return arrayIn(text)?.some((element) => typeof element !== "string") ?? false;
}

function arrayIn(text: string): unknown[] | null {
  const start = skipSpaces(text, 0);
  const end = trimmedEnd(text, start);
  if (text[start] !== "[" || text[end - 1] !== "]") return null;
  try {
    const parsed: unknown = JSON.parse(text.slice(start, end));
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}
