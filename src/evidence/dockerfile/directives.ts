import type { Directive } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import { skipSpaces, trimmedEnd } from "./chars.ts";
import { type Line, lineAt, type Lines } from "./lines.ts";
import { shownWord } from "./shown.ts";

const KNOWN = new Set(["syntax", "escape", "check"]);

/** The directives of a file, and what the builder refuses in them. */
export interface Directives {
  directives: Directive[];
  escape: "\\" | "`";
  problems: { message: string; range: Range }[];
  /** Index of the first line that is neither a directive nor a `#!` line before them. */
  next: number;
}

/**
 * Reads the directives at the top of a file (Dockerfile reference, "Parser directives"; moby/buildkit,
 * parser/directives.go): lines `# name=value` before anything else. An empty line, another comment or an unknown
 * name ends them. Behind a `#!` line the builder still looks for `syntax` and `check`, no longer for `escape`.
 */
export function readDirectives(lines: Lines): Directives {
  const { text } = lines;
  const found: Directives = { directives: [], escape: "\\", problems: [], next: 0 };
  const first = lineAt(lines, 0);
  const script = text.startsWith("#!", first.start);
  const begin = script ? 1 : 0;
  readWith("#", lines, begin, script, found);
  // What is no Dockerfile may name its frontend behind the comment mark of its own language.
  if (found.directives.length === 0) readWith("//", lines, begin, script, found);
  if (found.next === 0 && script && lines.count > 0) found.next = 1;
  return found;
}

function readWith(mark: "#" | "//", lines: Lines, from: number, script: boolean, found: Directives): void {
  const seen = new Set<string>();
  for (let index = from; index < lines.count; index += 1) {
    const line = lineAt(lines, index);
    const directive = directiveIn(lines.text, line, mark);
    if (directive === null) return;
    const { name, value, range } = directive;
    if (mark === "//" && name !== "syntax") return;
    if (script && name === "escape") return;
    found.next = index + 1;
    found.directives.push(directive);
    if (seen.has(name)) found.problems.push({ message: `the directive ${name} is given twice`, range });
    else if (name === "escape") {
      if (value === "\\" || value === "`") found.escape = value;
      else
        found.problems.push({
          message: `the escape character can be \\ or \`, not ${shownWord(value)}`,
          range,
        });
    }
    seen.add(name);
  }
}

function directiveIn(text: string, { start, end }: Line, mark: string): Directive | null {
  const begin = skipSpaces(text, start, end);
  if (!text.startsWith(mark, begin)) return null;
  const nameStart = skipSpaces(text, begin + mark.length, end);
  let nameEnd = nameStart;
  while (nameEnd < end && /[A-Za-z0-9]/.test(text.charAt(nameEnd))) nameEnd += 1;
  const name = text.slice(nameStart, nameEnd).toLowerCase();
  const equals = skipSpaces(text, nameEnd, end);
  if (!KNOWN.has(name) || text[equals] !== "=" || equals >= end) return null;
  const valueStart = skipSpaces(text, equals + 1, end);
  const valueEnd = trimmedEnd(text, valueStart, end);
  if (valueEnd === valueStart) return null;
  return {
    name,
    value: text.slice(valueStart, valueEnd),
    range: { start: begin, end },
    valueRange: { start: valueStart, end: valueEnd },
  };
}
