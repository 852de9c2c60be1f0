import { Lexer } from "yaml";
import type { Finding } from "#model/finding.ts";
import { type Fix, placeAt, type TextEdit } from "#model/text.ts";
import { applyEdits } from "#model/text-edits.ts";
import { gatherFile } from "#evidence/project/gather.ts";
import { lintFile } from "../lint/lint-file.ts";
import { type Judged, openFindings, stretchOf } from "./judge.ts";

/** What stands in the comment until somebody says why. */
const REASON = "say why";

/**
 * An edit that writes a comment above the place of a finding which accepts it.
 *
 * @returns null where comments accept nothing, or where none can stand: within a block of text, in JSON
 */
export function acceptFix(finding: Finding, judged: Judged): Fix | null {
  const { place, settings, file } = judged;
  const { text } = file.source;
  if (!settings.setup.pragmas) return null;
  const spot = spotAbove(finding, judged);
  const indent = /^[ \t]*/.exec(text.slice(spot.offset, spot.offset + 200))?.[0] ?? "";
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const comment = `# seaworthy ${spot.whole ? "file " : ""}ignore=${finding.ruleId} reason="${REASON}"`;
  const edit: TextEdit = {
    path: place.path,
    start: spot.offset,
    end: spot.offset,
    text: `${indent}${comment}${lineEnd}`,
  };
  return accepts(edit, finding, judged)
    ? { title: `Accept ${finding.ruleId} here, with a comment`, safety: "safe", edits: [edit] }
    : null;
}

interface Spot {
  /** Beginning of a line. */
  offset: number;
  /** The comment has to hold for the whole file: the finding is about no one line. */
  whole: boolean;
}

/** Above what line the comment has to stand: a statement may go over several. */
function spotAbove(finding: Finding, judged: Judged): Spot {
  const { file, starts } = judged;
  const { text, kind } = file.source;
  const at = stretchOf(judged, finding.location).start;
  if (kind === "dockerfile") {
    const instructions = gatherFile(file.source).dockerfiles[0]?.evidence.dockerfile.instructions ?? [];
    const around = instructions.find(({ range }) => range.start <= at && at <= range.end);
    const first = instructions[0]?.range.start ?? 0;
    const offset = around?.range.start ?? first;
    return { offset: text.lastIndexOf("\n", offset - 1) + 1, whole: around === undefined };
  }
  const lineOf = (offset: number): number => placeAt(starts, offset).line - 1;
  let line = lineOf(at);
  if (kind === "script") {
    // A comment between continued lines would be part of the command.
    while (line > 0 && /\\\r?$/.test(text.slice(starts[line - 1], (starts[line] ?? 1) - 1))) line -= 1;
  } else line = lineOf(scalarAround(text, starts[line] ?? 0) ?? at);
  return { offset: starts[line] ?? 0, whole: false };
}

// Marks that the lexer puts between the tokens; they stand nowhere in the text.
const MARKS = new Set(["\u0002", "\u0018", "\u001f"]);

/**
 * Where the YAML value begins, or for a block of text the line of its key, that goes over the beginning of a line:
 * a comment there would become part of the value.
 *
 * @returns null where a comment can stand
 */
function scalarAround(text: string, lineStart: number): number | null {
  let at = 0;
  for (const token of new Lexer().lex(text)) {
    if (MARKS.has(token)) continue;
    const end = at + token.length;
    if (end > lineStart) {
      if (!token.includes("\n") || !/\S/.test(token)) return null;
      return text[at - 1] === "\n" ? at - 1 : at;
    }
    at = end;
  }
  return null;
}

/** True if the comment accepts this finding and changes nothing else: better not offered than wrong. */
function accepts(edit: TextEdit, finding: Finding, { file, settings, findings }: Judged): boolean {
  const text = applyEdits(file.source.text, [edit]);
  const after = lintFile({ ...file.source, text }, settings.setup);
  const left = openFindings(after.findings, settings);
  const count = (all: readonly Finding[]): number =>
    all.filter(({ fingerprint }) => fingerprint === finding.fingerprint).length;
  return after.errors === file.errors && count(left) < count(findings) && left.length < findings.length;
}
