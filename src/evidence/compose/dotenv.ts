import { interpolate, type Lookup } from "./interpolate.ts";

/** One variable of an environment file; null = named without a value. */
export interface EnvLine {
  name: string;
  value: string | null;
}

/** More variables than any program reads. */
const MAX_LINES = 10_000;

const ASSIGNMENT = /[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*(=)?[ \t]*/y;

/**
 * Reads an environment file (compose-spec, 05-services.md, "Env_file format"): comments, quotes of both kinds
 * over several lines, variables of earlier lines in what is not single-quoted. Lines that make no sense are
 * left out.
 */
export function parseEnvFile(text: string, outer: Lookup = () => undefined): EnvLine[] {
  const lines: EnvLine[] = [];
  const known = new Map<string, string>();
  // The project's environment wins over what the file says (12-interpolation.md).
  const lookup: Lookup = (name) => outer(name) ?? known.get(name);
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  while (at < text.length && lines.length < MAX_LINES) {
    ASSIGNMENT.lastIndex = at;
    const match = ASSIGNMENT.exec(text);
    if (match === null) {
      at = lineEnd(text, at) + 1;
      continue;
    }
    const [, name = "", equals] = match;
    at = ASSIGNMENT.lastIndex;
    if (equals === undefined) {
      const end = lineEnd(text, at);
      if (/^\s*(?:#.*)?$/.test(text.slice(at, Math.min(end, at + 200)))) lines.push({ name, value: null });
      at = end + 1;
      continue;
    }
    const read = readValue(text, at, lookup);
    lines.push({ name, value: read.value });
    known.set(name, read.value);
    at = lineEnd(text, read.end) + 1;
  }
  return lines;
}

function readValue(text: string, at: number, lookup: Lookup): { value: string; end: number } {
  const quote = text[at];
  if (quote === "'" || quote === '"') {
    let end = at + 1;
    while (end < text.length && text[end] !== quote) end += text[end] === "\\" ? 2 : 1;
    const inside = text.slice(at + 1, Math.min(end, text.length));
    if (quote === "'") return { value: inside.replaceAll("\\'", "'"), end: end + 1 };
    return { value: interpolate(unescape(inside), lookup).text, end: end + 1 };
  }
  const end = lineEnd(text, at);
  const line = text.slice(at, end).replace(/\r$/, "");
  // A comment needs a blank before it.
  const comment = /(?:^|[ \t])#/.exec(line)?.index ?? line.length;
  return { value: interpolate(line.slice(0, comment).trimEnd(), lookup).text, end };
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function unescape(text: string): string {
  return text.replace(/\\([\s\S])/g, (whole, character: string) =>
    character === "$" ? "$$" : (ESCAPES[character] ?? (/["\\]/.test(character) ? character : whole)),
  );
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}
