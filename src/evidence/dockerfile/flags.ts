import type { Flag, JoinedText } from "#model/evidence/dockerfile.ts";
import { isSpace, skipSpaces } from "./chars.ts";
import { dropStart, fileRange } from "./joined.ts";

/**
 * Takes the flags off the front of an instruction's arguments: words that begin with `--`. A lone `--` ends them
 * (moby/buildkit, parser/split_command.go, extractBuilderFlags).
 *
 * @returns the flags, and the arguments behind them without leading white space
 */
export function takeFlags(joined: JoinedText, escape: string): { flags: Flag[]; rest: JoinedText } {
  const { text } = joined;
  const flags: Flag[] = [];
  let at = skipSpaces(text, 0);
  while (text.startsWith("--", at)) {
    const start = at;
    at = endOfFlag(text, start, escape);
    const raw = text.slice(start, at);
    const end = at;
    at = skipSpaces(text, at);
    if (raw === "--") break;
    const equals = raw.indexOf("=");
    flags.push({
      name: raw.slice(2, equals === -1 ? undefined : equals),
      value: equals === -1 ? null : withoutQuotes(raw.slice(equals + 1), escape),
      range: fileRange(joined, start, end),
      valueRange: equals === -1 ? null : fileRange(joined, start + equals + 1, end),
    });
  }
  return { flags, rest: dropStart(joined, at) };
}

function endOfFlag(text: string, from: number, escape: string): number {
  let quote = "";
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === escape) at += 1;
    else if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (isSpace(text.charCodeAt(at))) return at;
  }
  return text.length;
}

// Flags know one kind of quoting: whatever is escaped stands for itself, in single quotes too.
function withoutQuotes(raw: string, escape: string): string {
  if (!raw.includes('"') && !raw.includes("'") && !raw.includes(escape)) return raw;
  let value = "";
  let quote = "";
  for (let at = 0; at < raw.length; at += 1) {
    const character = raw[at] as string;
    if (character === escape) {
      at += 1;
      value += raw[at] ?? "";
    } else if (character === quote) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) quote = character;
    else value += character;
  }
  return value;
}
