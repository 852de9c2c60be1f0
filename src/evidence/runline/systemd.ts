import type { ShellWord } from "#model/evidence/shell.ts";

const SETTING = /^[ \t]*Exec(?:Start|StartPre|StartPost|Condition|Reload|Stop|StopPost)[ \t]*=/;
/** What may stand before the program (systemd.service(5), "Special executable prefixes"). */
const PREFIXES = /[@\-:+!|]/;

/**
 * The commands of a unit file, word by word (systemd.service(5), "Command lines"; systemd.syntax(7), "Quoting"):
 * `;` between words parts commands, `%` specifiers and `$` variables are filled in when the unit starts.
 */
export function unitCommands(text: string): ShellWord[][] {
  const commands: ShellWord[][] = [];
  for (let start = 0; start < text.length;) {
    const end = logicalEnd(text, start);
    const head = SETTING.exec(text.slice(start, Math.min(end, start + 60)));
    if (head !== null) commands.push(...commandsOf(text, start + head[0].length, end));
    start = end;
  }
  return commands;
}

// A line that ends in a backslash goes on in the next one; comment lines in between do not end it.
function logicalEnd(text: string, start: number): number {
  let at = start;
  for (;;) {
    const newline = text.indexOf("\n", at);
    if (newline < 0) return text.length;
    const comment = at > start && /[#;]/.test(text.charAt(behindBlanks(text, at, newline)));
    const last = text.charAt(newline - 1) === "\r" ? newline - 2 : newline - 1;
    if (text.charAt(last) !== "\\" && !comment) return newline + 1;
    at = newline + 1;
  }
}

function commandsOf(text: string, start: number, end: number): ShellWord[][] {
  const commands: ShellWord[][] = [];
  let words: ShellWord[] = [];
  for (let at = skipBlank(text, start, end); at < end; at = skipBlank(text, at, end)) {
    if (words.length === 0) while (at < end && PREFIXES.test(text.charAt(at))) at += 1;
    const word = readWord(text, at, end);
    if (word.raw === ";" || word.range.end === at) {
      if (words.length > 0) commands.push(words);
      words = [];
    } else words.push(word);
    at = Math.max(word.range.end, at + 1);
  }
  if (words.length > 0) commands.push(words);
  return commands;
}

/** Blanks, continued lines and the comment lines behind them. */
function skipBlank(text: string, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const sign = text.charAt(at);
    if (/[ \t\r\n]/.test(sign)) at += 1;
    else if (sign === "\\" && /^\r?\n/.test(text.slice(at + 1, at + 3))) {
      at += text.charAt(at + 1) === "\r" ? 3 : 2;
      while (at < end && /[#;]/.test(text.charAt(behindBlanks(text, at, end)))) {
        const newline = text.indexOf("\n", at);
        at = newline < 0 ? end : newline + 1;
      }
    } else break;
  }
  return at;
}

function behindBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && /[ \t]/.test(text.charAt(at))) at += 1;
  return at;
}

function readWord(text: string, start: number, end: number): ShellWord {
  let value = "";
  let quote = "";
  let open = false;
  let at = start;
  for (; at < end; at += 1) {
    const sign = text.charAt(at);
    if (quote === "" && /[ \t\r\n]/.test(sign)) break;
    if (sign === "\\") {
      if (/^\r?\n/.test(text.slice(at + 1, at + 3))) {
        if (quote === "") break;
        value += " ";
        at += text.charAt(at + 1) === "\r" ? 2 : 1;
        continue;
      }
      const next = text.charAt(at + 1);
      value += ESCAPES[next] ?? next;
      at += 1;
    } else if (sign === quote) quote = "";
    else if (quote === "" && (sign === '"' || sign === "'")) quote = sign;
    else if ((sign === "%" || sign === "$") && text.charAt(at + 1) === sign) {
      value += sign;
      at += 1;
    } else {
      if (sign === "$" || sign === "%") open = true;
      value += sign;
    }
  }
  const stop = Math.min(at, end);
  return { raw: text.slice(start, stop), value, static: !open, range: { start, end: stop } };
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  s: " ",
  a: "",
  b: "",
  f: "",
  v: "",
};
