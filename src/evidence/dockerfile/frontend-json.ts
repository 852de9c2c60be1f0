import type { Directive } from "#model/evidence/dockerfile.ts";
import { skipSpaces, trimmedEnd } from "./chars.ts";

/**
 * The `syntax` of a file that is one JSON object: the builder hands such a file to the frontend that it names
 * (moby/buildkit, parser/directives.go, DetectSyntax). null for everything else.
 */
export function frontendOfJson(text: string): Directive | null {
  const start = skipSpaces(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  if (text[start] !== "{") return null;
  const end = trimmedEnd(text, start);
  if (text[end - 1] !== "}") return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.slice(start, end));
  } catch {
    return null;
  }
  const value = (parsed as { syntax?: unknown }).syntax;
  if (typeof value !== "string") return null;
  const at = text.indexOf(JSON.stringify(value), start);
  const valueRange = at === -1 ? { start, end } : { start: at + 1, end: at + 1 + value.length };
  return { name: "syntax", value, range: { start, end }, valueRange };
}
