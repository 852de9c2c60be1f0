import type {
  Assignment,
  Command,
  CommandExpansionPart,
  ParameterExpansionPart,
  ProcessSubstitutionPart,
  SimpleExpansionPart,
  Word,
  WordPart,
} from "unbash";

/** A stretch of the text that a node stands for. */
export interface Span {
  pos: number;
  end: number;
}

/** Where the parts of a word are looked at without those of its quoted strings. */
type Part = WordPart;

const NO_PARTS: readonly Part[] = [];

/** Parts of a word; none where it is plain text. */
export function partsOf(word: Word): readonly Part[] {
  return word.parts ?? NO_PARTS;
}

/** Nothing in it is expanded. A glob is: `*` is no literal. */
export function isStaticPart(part: Part): boolean {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return true;
    case "DoubleQuoted":
    case "LocaleString":
      for (const child of part.parts) if (child.type !== "Literal") return false;
      return true;
    default:
      return false;
  }
}

/** The word's text if nothing in it is expanded, else null. */
export function literal(word: Word | undefined): string | null {
  if (word === undefined) return null;
  const { parts } = word;
  if (parts !== undefined) for (const part of parts) if (!isStaticPart(part)) return null;
  return word.value;
}

/** The text of the word if it is written without any quote and without expansion, else null. */
export function unquotedLiteral(word: Word | undefined): string | null {
  if (word === undefined || word.parts !== undefined) return null;
  return word.text.includes("\\") ? null : word.text;
}

/** The word's text with every expansion as `${VAR}`; globs stay as they are written. */
export function flat(word: Word): string {
  const { parts } = word;
  if (parts === undefined) return word.value;
  let text = "";
  for (const part of parts) text += flatPart(part);
  return text;
}

function flatPart(part: Part): string {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return part.value;
    case "DoubleQuoted":
    case "LocaleString": {
      let text = "";
      for (const child of part.parts) text += child.type === "Literal" ? child.value : "${VAR}";
      return text;
    }
    case "Glob":
    case "ExtendedGlob":
    case "BraceExpansion":
      return part.text;
    default:
      return "${VAR}";
  }
}

/** Whether the shell looks for file names in the word: an unquoted `*`, `?`, `[…]` or extended pattern. */
export function hasGlob(word: Word): boolean {
  return partsOf(word).some(({ type }) => type === "Glob" || type === "ExtendedGlob");
}

/** Words and assignments behind the name of a command, as words. */
export function argumentText(arg: Word | Assignment): string | null {
  if (arg.type === "Word") return literal(arg);
  if (arg.value.type !== "Word" || arg.index !== undefined) return null;
  const value = literal(arg.value);
  return value === null ? null : `${arg.name}${arg.append === true ? "+" : ""}=${value}`;
}

/** A variable that is expanded. */
export interface Expansion extends Span {
  node: SimpleExpansionPart | ParameterExpansionPart;
  name: string;
  /** Plain `$x` or `${x}`. */
  bare: boolean;
  /** `${#x}`. */
  length: boolean;
  /** `${!x}`. */
  indirect: boolean;
  /** What stands between the brackets of `${x[…]}`. */
  index: string | null;
  /** `:-`, `%`, …: empty without. */
  operator: string;
}

/** Reads `$x` and `${x…}` alike. */
export function expansion(node: SimpleExpansionPart | ParameterExpansionPart): Expansion {
  const { pos, end } = node;
  if (node.type === "SimpleExpansion") {
    return {
      node,
      pos,
      end,
      name: node.text.slice(1),
      bare: true,
      length: false,
      indirect: false,
      index: null,
      operator: "",
    };
  }
  const { operation, prefix, index } = node;
  return {
    node,
    pos,
    end,
    name: node.parameter,
    bare: operation === undefined && prefix === undefined && index === undefined,
    length: prefix === "#",
    indirect: prefix === "!",
    index: index?.text ?? null,
    operator: operation?.operator ?? "",
  };
}

/** `$@`, `${x[@]}`: every element is a word of its own, also within quotes. */
export function isArrayExpansion({ name, index, length, operator, indirect }: Expansion): boolean {
  if (length) return false;
  if (indirect) return (operator === "@" && index === null) || index === "@";
  return name === "@" || index === "@";
}

/** The only command of a substitution, or null if there is none or more than one. */
export function onlyCommand(part: CommandExpansionPart | ProcessSubstitutionPart): Command | null {
  const commands = part.script?.commands;
  const first = commands?.[0];
  if (commands?.length !== 1 || first === undefined || first.background === true) return null;
  return first.command.type === "Command" ? first.command : null;
}

const FOLDER = /^.*\//s;

/** Name of the program that a command runs, without its folder; null if it is computed or there is none. */
export function commandName({ name }: Command): string | null {
  const text = literal(name);
  return text === null ? null : text.replace(FOLDER, "");
}

const MOST_SHOWN = 40;

/** Code as a message shows it: on one line, long code cut in its middle. */
export function brief(text: string): string {
  const start = text.length > 200 ? `${text.slice(0, 100)} ${text.slice(-100)}` : text;
  const line = start.replaceAll(/\s+/g, " ").trim();
  return line.length <= MOST_SHOWN ? line : `${line.slice(0, MOST_SHOWN - 8)}…${line.slice(-6)}`;
}
