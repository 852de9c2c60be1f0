import type { ShellWord } from "#model/evidence/shell.ts";

const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * Arguments that were given directly (`seaworthy lint -- docker run …`) as words, and the line in which they stand:
 * each quoted as a shell needs it. Nothing in them is expanded.
 */
export function argumentLine(args: readonly string[]): { text: string; words: ShellWord[] } {
  const words: ShellWord[] = [];
  let text = "";
  for (const value of args) {
    const raw = PLAIN.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
    if (text !== "") text += " ";
    words.push({ raw, value, static: true, range: { start: text.length, end: text.length + raw.length } });
    text += raw;
  }
  return { text, words };
}
