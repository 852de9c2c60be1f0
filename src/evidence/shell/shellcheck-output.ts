import type { ShellcheckFinding } from "#model/evidence/shell.ts";

/** A script that was handed to the program: the body's text, and what stood before it. */
export interface CheckedScript {
  text: string;
  skip: string;
}

const LEVELS = new Set(["error", "warning", "info", "style"]);

/**
 * Reads the output of `shellcheck --format=json1` (shellcheck(1), "FORMATS"): comments by file, with their places
 * as offsets in the body. null if the text is none of that format; comments that cannot be read are left out.
 *
 * @param scriptOf the script of a file name; null for an unknown one
 */
export function shellcheckFindings(
  output: string,
  scriptOf: (file: string) => CheckedScript | null,
): Map<string, ShellcheckFinding[]> | null {
  const comments = commentsOf(output);
  if (comments === null) return null;
  const found = new Map<string, ShellcheckFinding[]>();
  const places = new Map<string, (line: unknown, column: unknown) => number | null>();
  for (const comment of comments) {
    if (typeof comment !== "object" || comment === null) continue;
    const { file, line, column, endLine, endColumn, code, level, message } = comment as Record<
      string,
      unknown
    >;
    if (typeof file !== "string" || typeof code !== "number" || typeof message !== "string") continue;
    if (typeof level !== "string" || !LEVELS.has(level)) continue;
    let place = places.get(file);
    if (place === undefined) {
      const script = scriptOf(file);
      if (script === null) continue;
      places.set(file, (place = placer(script)));
    }
    const start = place(line, column);
    const end = place(endLine, endColumn);
    if (start === null) continue; // in the lines before the body
    const finding = {
      code,
      level: level as ShellcheckFinding["level"],
      message: message.replaceAll(/\s+/g, " ").replace(/\.$/, ""),
      range: { start, end: Math.max(start, end ?? start) },
    };
    const list = found.get(file);
    if (list === undefined) found.set(file, [finding]);
    else list.push(finding);
  }
  return found;
}

function commentsOf(output: string): unknown[] | null {
  try {
    const parsed: unknown = JSON.parse(output);
    if (typeof parsed !== "object" || parsed === null) return null;
    const { comments } = parsed as { comments?: unknown };
    return Array.isArray(comments) ? comments : null;
  } catch {
    return null;
  }
}

/** Lines count from 1; columns count code points from 1, where a string of ours counts UTF-16 units. */
function placer({ text, skip }: CheckedScript): (line: unknown, column: unknown) => number | null {
  const before = skip.split("\n").length - 1;
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (line, column) => {
    if (typeof line !== "number" || typeof column !== "number") return null;
    const start = starts[line - 1 - before];
    if (start === undefined) return line - 1 - before >= starts.length ? text.length : null;
    let at = start;
    for (let left = column - 1; left > 0 && at < text.length; left--)
      at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    return at;
  };
}
