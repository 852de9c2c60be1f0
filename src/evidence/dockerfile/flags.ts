import type { Flag, JoinedText } from "#model/evidence/dockerfile.ts";
import { dropStart, fileRange } from "./joined.ts";
import { unquote } from "./words.ts";

/**
 * Takes the flags off the front of an instruction's arguments: words that begin with `--`. A lone `--` ends them
 * (moby/buildkit, parser/split_command.go).
 *
 * @returns the flags, and the arguments behind them without leading blanks
 */
export function takeFlags(joined: JoinedText, escape: string): { flags: Flag[]; rest: JoinedText } {
  const { text } = joined;
  const flags: Flag[] = [];
  let at = skipBlanks(text, 0);
  while (text.startsWith("--", at)) {
    const start = at;
    let quote = "";
    for (; at < text.length; at += 1) {
      const character = text[at] as string;
      if (character === escape) at += 1;
      else if (character === quote) quote = "";
      else if (quote === "" && (character === '"' || character === "'")) quote = character;
      else if (quote === "" && /\s/.test(character)) break;
    }
    at = Math.min(at, text.length);
    const raw = text.slice(start, at);
    at = skipBlanks(text, at);
    if (raw === "--") break;
    const equals = raw.indexOf("=");
    flags.push({
      name: raw.slice(2, equals === -1 ? undefined : equals),
      value: equals === -1 ? null : unquote(raw.slice(equals + 1), escape),
      range: fileRange(joined, start, start + raw.length),
      valueRange: equals === -1 ? null : fileRange(joined, start + equals + 1, start + raw.length),
    });
  }
  return { flags, rest: dropStart(joined, at) };
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] as string)) at += 1;
  return at;
}
