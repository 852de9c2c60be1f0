import type { SyntaxNode, Word, WordPart } from "unbash";
import { expansion } from "../tree.ts";

/**
 * What is known of the value of a variable: `empty`, one word that neither splits nor matches files (`clean`), or
 * anything else (`dirty`).
 */
export type Status = "empty" | "clean" | "dirty";

/** Values of variables at one point of the script. */
export interface Values {
  get(name: string): Status;
}

/** Special parameters that are numbers or letters: POSIX XCU 2.5.2. */
const NUMBERS = new Set(["#", "?", "!", "$", "-"]);

/** Variables that the shell keeps a number or a word in: bash(1), "Shell Variables". */
const WORDS = new Set([
  "BASHPID",
  "BASH_ARGC",
  "BASH_LINENO",
  "BASH_SUBSHELL",
  "COLUMNS",
  "EPOCHREALTIME",
  "EPOCHSECONDS",
  "EUID",
  "LINENO",
  "LINES",
  "OPTIND",
  "PPID",
  "RANDOM",
  "SECONDS",
  "SHELLOPTS",
  "SHLVL",
  "SRANDOM",
  "UID",
  "COMP_CWORD",
  "COMP_KEY",
  "COMP_POINT",
  "COMP_TYPE",
  "HISTCMD",
  "MAPFILE",
  "READLINE_MARK",
  "READLINE_POINT",
]);

/** True of a variable whose value is a word whatever the script does. */
export function isAlwaysWord(name: string): boolean {
  return NUMBERS.has(name) || WORDS.has(name);
}

/** Status of two texts one behind the other, and of a value that is one or the other. */
export function combine(one: Status, other: Status): Status {
  if (one === "empty") return other;
  if (other === "empty") return one;
  return one === "clean" && other === "clean" ? "clean" : "dirty";
}

const SPLITS = /[\s*?[]/;

/** Status of a plain text. */
function textStatus(text: string): Status {
  if (text === "") return "empty";
  return SPLITS.test(text) ? "dirty" : "clean";
}

/** Status of what an assignment or a quoted word holds. */
export function wordStatus(word: Word, values: Values): Status {
  if (word.parts === undefined) return textStatus(word.value);
  let status: Status = "empty";
  for (const part of word.parts) status = combine(status, partStatus(part, values));
  return status;
}

function partStatus(part: WordPart, values: Values): Status {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return textStatus(part.value);
    case "DoubleQuoted":
    case "LocaleString": {
      let status: Status = "empty";
      for (const child of part.parts) status = combine(status, partStatus(child, values));
      return status;
    }
    case "SimpleExpansion":
    case "ParameterExpansion": {
      const { bare, name } = expansion(part);
      if (!bare) return "dirty";
      return isAlwaysWord(name) ? "clean" : values.get(name);
    }
    case "ArithmeticExpansion":
      return "clean";
    default:
      return "dirty";
  }
}

/** Status of the variable of a loop: each of its words, where what stands unquoted may be split. */
export function listStatus(words: readonly Word[], values: Values): Status {
  let status: Status = "empty";
  for (const word of words) {
    const splits = word.parts?.some(isSplit) === true;
    status = combine(status, splits ? "dirty" : wordStatus(word, values));
  }
  return status;
}

function isSplit({ type }: SyntaxNode): boolean {
  return type === "SimpleExpansion" || type === "ParameterExpansion" || type === "CommandExpansion";
}
