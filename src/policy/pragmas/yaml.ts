import { type LineStarts, lineStarts } from "#model/text.ts";
import { type BadPragma, type Pragma, type Pragmas, readOurs } from "./pragma.ts";

const COMMENT = /^([ \t]*)#[ \t]?(.*)$/;

/**
 * Finds our pragmas in a text whose comments begin with `#` and whose blocks are indented (YAML, shell): one above
 * a line covers that line and what is indented below it.
 */
export function blockPragmas(text: string, starts: LineStarts = lineStarts(text)): Pragmas {
  const pragmas: Pragma[] = [];
  const bad: BadPragma[] = [];
  if (!/seaworthy/i.test(text)) return { pragmas, bad };
  const lines = text.split("\n");
  for (const [at, line] of lines.entries()) {
    const match = COMMENT.exec(line);
    if (match === null) continue;
    const start = (starts[at] ?? 0) + (match[1] ?? "").length;
    const range = { start, end: (starts[at] ?? 0) + line.trimEnd().length };
    const ours = readOurs((match[2] ?? "").trim());
    if (ours === null) continue;
    if (typeof ours === "string") bad.push({ message: ours, range });
    else if (ours.scope === "stage") bad.push({ message: "only a Dockerfile has stages", range });
    else {
      const covered = ours.scope === "file" ? { first: 1, last: lines.length } : blockBelow(lines, at);
      pragmas.push({ ...ours, notation: "seaworthy", lines: covered, range, line: at + 1 });
    }
  }
  return { pragmas, bad };
}

function blockBelow(lines: readonly string[], from: number): Pragma["lines"] {
  let first = from + 1;
  while (first < lines.length && /^\s*(?:#|$)/.test(lines[first] ?? "")) first += 1;
  const indent = (lines[first] ?? "").search(/\S/);
  let last = first;
  while (last + 1 < lines.length) {
    const next = (lines[last + 1] ?? "").search(/\S/);
    if (next !== -1 && next <= indent) break;
    last += 1;
  }
  return { first: first + 1, last: last + 1 };
}
