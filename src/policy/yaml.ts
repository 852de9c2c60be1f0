import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isNode,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
} from "yaml";
import { keyName, placeOf, startOf } from "./yaml-place.ts";
import { printable } from "./words.ts";

/** A mistake in a text: where it stands (offset from the start), and what it is, in words. */
export interface Mistake {
  offset: number;
  what: string;
}

/** A YAML text as data, with the places where things stand. */
export interface YamlText {
  /** Plain data; null for an empty text, undefined if the text cannot be read in spite of its mistakes. */
  data: unknown;
  mistakes: Mistake[];
  /** Line and column, both from 1. */
  position(offset: number): { line: number; column: number };
  /** Offset of the value at `path`, or of the nearest thing around it; `key`: of its key. */
  offsetOf(path: readonly PropertyKey[], part?: "key" | "value"): number;
  /** False where the file does not name the thing at all. */
  has(path: readonly PropertyKey[]): boolean;
}

const OPTIONS = {
  prettyErrors: false,
  // Compared below: the library compares each key with each other one, which takes minutes on a hostile file.
  uniqueKeys: false,
  stringKeys: true,
  // Whatever `%YAML` says, so that `off` stays a word and a date stays a text.
  schema: "core",
  resolveKnownTags: false,
  logLevel: "silent",
} as const;
const MAX_ALIASES = 100;
// A policy is five deep. Composing is recursive: thousands of levels would exhaust the stack.
const MAX_DEPTH = 50;

/** Reads one YAML document. Never throws; what is wrong with the text is in `mistakes`. */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const mistakes: Mistake[] = [];
  const document = compose(text, lines, mistakes);
  const root = document?.contents ?? null;
  if (document !== null) {
    for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
      mistakes.push({ offset: pos[0], what: inWords(code, message) });
    }
    inspect(root, lines, mistakes);
  }
  return {
    data: document?.errors.length === 0 ? toData(document, mistakes) : undefined,
    mistakes,
    position(offset) {
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    },
    offsetOf: (path, part = "value") => placeOf(path, root, document)[part],
    has: (path) => placeOf(path, root, document).found,
  };
}

function compose(text: string, lines: LineCounter, mistakes: Mistake[]): Document.Parsed | null {
  const composer = new Composer(OPTIONS);
  let first: Document.Parsed | null = null;
  for (const document of composer.compose(tokens(text, lines, mistakes), true, text.length)) {
    if (first !== null) {
      mistakes.push({
        offset: document.range[0],
        what: "a second document starts here; a policy is one document without ---",
      });
      break;
    }
    first = document;
  }
  return first;
}

// As Parser.parse() of the library, but gives up on a nesting that no policy has.
function* tokens(text: string, lines: LineCounter, mistakes: Mistake[]): ReturnType<Parser["parse"]> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > MAX_DEPTH) {
      mistakes.push({ offset, what: "is nested too deeply" });
      return;
    }
    offset = parser.offset;
  }
  yield* parser.end();
}

function toData(document: Document.Parsed, mistakes: Mistake[]): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    // An alias without anchor is named already. Else it is the limit, by which a few lines of aliases cannot
    // become gigabytes.
    if (mistakes.length === 0) {
      const what =
        error instanceof ReferenceError
          ? "uses too many aliases (*name)"
          : `is not valid YAML: ${printable(String(error))}`;
      mistakes.push({ offset: 0, what });
    }
    return undefined;
  }
}

/** Finds keys that stand twice and aliases without their anchor, in the order of the text. */
function inspect(root: Node | null, lines: LineCounter, mistakes: Mistake[]): void {
  const anchors = new Set<string>();
  const todo: unknown[] = [root];
  while (todo.length > 0) {
    const node = todo.pop();
    if (!isNode(node)) continue;
    if (isAlias(node)) {
      if (!anchors.has(node.source)) {
        mistakes.push({
          offset: node.range?.[0] ?? 0,
          what: `alias *${printable(node.source)} has no anchor &${printable(node.source)} before it`,
        });
      }
      continue;
    }
    if ("anchor" in node && typeof node.anchor === "string") anchors.add(node.anchor);
    if (isSeq(node)) for (const item of node.items.toReversed()) todo.push(item);
    if (!isMap(node)) continue;
    const seen = new Map<string, number>();
    for (const { key } of node.items) {
      const name = keyName(key);
      const offset = startOf(key) ?? 0;
      const first = seen.get(name);
      if (first === undefined) seen.set(name, offset);
      else {
        mistakes.push({
          offset,
          what: `key "${printable(name)}" stands twice, first on line ${lines.linePos(first).line}`,
        });
      }
    }
    for (const { value } of node.items.toReversed()) todo.push(value);
  }
}

function inWords(code: string, message: string): string {
  if (code === "TAB_AS_INDENT") return "a tab indents this line; use spaces";
  if (code === "NON_STRING_KEY") return "a key must be plain text";
  const [first = "", ...rest] = printable(message);
  return `is not valid YAML: ${first.toLowerCase()}${rest.join("")}`;
}
