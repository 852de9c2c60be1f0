import type { Dockerfile, Heredoc } from "#model/evidence/dockerfile.ts";
import type { ShellBody } from "#model/evidence/shell.ts";
import type { Range } from "#model/text.ts";
import type { Call, Step } from "./command-calls.ts";
import type { Edit } from "./command-report.ts";
import { lineEnd, lineStart } from "./instruction-edits.ts";

const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * Puts an argument behind a word of a command; in the JSON form as an element of its own.
 *
 * @param argument a word that needs no quotes
 */
export function insertArgument({ body }: Pick<Call, "body">, behind: Range, argument: string): Edit[] | null {
  if (!PLAIN.test(argument)) return null;
  const text = body.form === "exec" ? `, "${argument}"` : ` ${argument}`;
  return [{ start: behind.end, end: behind.end, text }];
}

/** Puts a word in the place of another, quotes included. */
export function replaceWord(
  { body }: Pick<Call, "body">,
  { start, end }: Range,
  word: string,
): Edit[] | null {
  if (!PLAIN.test(word)) return null;
  return [{ start, end, text: body.form === "exec" ? `"${word}"` : word }];
}

/** Takes a word away, with the blanks before it; in the JSON form, which has commas, nothing. */
export function removeWord(
  { text }: Dockerfile,
  { body }: Pick<Call, "body">,
  { start, end }: Range,
): Edit[] | null {
  if (body.form === "exec") return null;
  let from = start;
  while (from > 0 && (text[from - 1] === " " || text[from - 1] === "\t")) from -= 1;
  return [{ start: from, end, text: "" }];
}

/** Takes the lines of an instruction away; null if a comment stands among them, which is somebody's. */
export function removeLines({ text }: Dockerfile, { start, end }: Range): Edit | null {
  if (hasComment(text, { start, end })) return null;
  const feed = text.indexOf("\n", end);
  return { start: lineStart(text, start), end: feed === -1 ? text.length : feed + 1, text: "" };
}

/** True if a line within the range is a comment. */
export function hasComment(text: string, { start, end }: Range): boolean {
  return /\n[ \t]*#/.test(text.slice(start, end));
}

/**
 * Puts a command at the end of a step, so that it runs if all before it went well, joined as the step joins its
 * lines. null where that cannot be said: the JSON form, broken code, a step that ends in the background or leaves
 * before its end.
 */
export function appendCommand(
  dockerfile: Dockerfile,
  { instruction, run }: Step,
  command: string,
): Edit[] | null {
  const [body] = run.shell;
  const last = body?.script?.commands.at(-1);
  if (body === undefined || last === undefined || !reachesEnd(body)) return null;
  const { start } = instruction.range;
  if (body.form === "heredoc")
    return inHeredoc(dockerfile, instruction.heredocs[0] ?? run.heredocs[0], command);
  const at = body.origin(last.end - 1) + 1;
  if (at > instruction.headRange.end) return null;
  return [{ start: at, end: at, text: joint(dockerfile, body, { start, end: at }) + command }];
}

const LEAVES = new Set(["exit", "exec", "return"]);

function reachesEnd({ script, commands }: ShellBody): boolean {
  if (script === null || (script.errors?.length ?? 0) > 0) return false;
  if (script.commands.at(-1)?.background === true) return false;
  return !LEAVES.has(commands.at(-1)?.name ?? "");
}

function inHeredoc(dockerfile: Dockerfile, heredoc: Heredoc | undefined, command: string): Edit[] | null {
  if (heredoc === undefined || !heredoc.closed) return null;
  const { start, end } = heredoc.bodyRange;
  const lines = dockerfile.text.slice(start, end).trimEnd();
  if (lines.endsWith("\\")) return null;
  const indent = /^[ \t]*/.exec(lines.slice(lineStart(lines, lines.length)))?.[0] ?? "";
  return [{ start: end, end, text: `${indent}${command}${lineEnd(dockerfile)}` }];
}

// Three ways to join lines: `&&` at the begin of a line, `&& \` at its end, `; \` after `set -e`.
const LEADING = /\n([ \t]*)&&/g;
const TRAILING = /(&&|;)[ \t]*[\\`]\r?\n([ \t]*)/g;

function joint(dockerfile: Dockerfile, { commands }: ShellBody, { start, end }: Range): string {
  const code = dockerfile.text.slice(start, end);
  if (!code.includes("\n")) return " && ";
  const next = dockerfile.escape + lineEnd(dockerfile);
  const leading = [...code.matchAll(LEADING)];
  const trailing = [...code.matchAll(TRAILING)];
  const [, sign, indent = ""] = trailing.at(-1) ?? [];
  if (leading.length >= trailing.length || sign === undefined) {
    const [, first = ""] = /\n([ \t]*)/.exec(code) ?? [];
    return ` ${next}${leading.at(-1)?.[1] ?? (first === "" ? "    " : first)}&& `;
  }
  if (sign === "&&") return ` && ${next}${indent}`;
  const [first] = commands;
  const stops = first?.name === "set" && first.args.some(({ value }) => /^-[a-z]*e/.test(value));
  return stops ? `; ${next}${indent}` : ` ${next}${indent}&& `;
}
