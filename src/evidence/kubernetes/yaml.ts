import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  Parser,
} from "yaml";
import type { Range } from "#model/text.ts";

/** One document of a YAML text, with what its aliases stand for. */
export interface YamlDocument {
  root: Node;
  /** What an alias stands for; the node itself for everything else. null for an alias without anchor. */
  resolved(node: unknown): Node | null;
}

/** Why a document could not be read, and where. */
export interface YamlMistake {
  offset: number;
  what: string;
}

/** Composing is recursive: thousands of levels would exhaust the stack. No manifest is deeper than twenty or so. */
const MAX_DEPTH = 120;
/** Nodes of a document when all its aliases are written out. */
const MAX_NODES = 2_000_000;
/** Characters of a document; the API server takes no object of more than 1.5 MiB, a List of them may be longer. */
const MAX_TEXT = 4 << 20;

/** Stretches of a text between lines `---`, which end a document wherever they stand (YAML 1.2, 9.1.2). */
export function documentRanges(text: string): Range[] {
  const ranges: Range[] = [];
  let start = 0;
  for (const { index } of text.matchAll(/^---(?=\s|$)/gm)) {
    if (index > start) ranges.push({ start, end: index });
    start = index;
  }
  if (start < text.length) ranges.push({ start, end: text.length });
  return ranges;
}

/**
 * Reads the document that stands at `range` of `text`; ranges of its nodes are offsets in `text`. null for an empty
 * one. All scalars are texts, see {@link scalarValue}. Never throws.
 */
export function readDocument(text: string, { start, end }: Range): YamlDocument | YamlMistake | null {
  if (end - start > MAX_TEXT) {
    return { offset: start, what: `has ${end - start} characters; more than ${MAX_TEXT} are not read` };
  }
  try {
    const document = compose(text.slice(start, end), start);
    if (document === null || !("contents" in document)) return document;
    const [error] = document.errors;
    if (error !== undefined) return { offset: error.pos[0], what: inWords(error.message) };
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.source === "")) return null;
    return withAliases(contents);
  } catch (error) {
    return { offset: start, what: `cannot be read as YAML: ${inWords(String(error))}` };
  }
}

// As Parser.parse() of the library, but from an offset, and up to a depth.
function compose(text: string, offset: number): Document.Parsed | YamlMistake | null {
  const parser = new Parser();
  parser.offset = offset;
  const tokens = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MAX_DEPTH) return { offset: parser.offset, what: "is nested too deeply" };
  }
  for (const token of parser.end()) tokens.push(token);
  // Keys are not compared: the library compares each with each other one.
  const options = { prettyErrors: false, uniqueKeys: false, schema: "failsafe", logLevel: "silent" } as const;
  for (const document of new Composer(options).compose(tokens, false, offset + text.length)) return document;
  return null;
}

function inWords(message: string): string {
  const line = message.replace(/\s+/g, " ").trim();
  return `is not valid YAML: ${line.slice(0, 1).toLowerCase()}${line.slice(1, 160)}`.replace(/[.:]$/, "");
}

/** Finds what aliases stand for, in the order of the text, and how large the document is with them written out. */
function withAliases(root: Node): YamlDocument | YamlMistake {
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node | null>();
  const sizes = new Map<Node, number>();
  const stack: { node: Node; left: boolean }[] = [{ node: root, left: false }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, left } = top;
    if (isAlias(node)) {
      const target = anchors.get(node.source) ?? null;
      targets.set(node, target);
      if (target === null)
        return {
          offset: startOf(node),
          what: `uses *${node.source.slice(0, 40)}, which has no anchor before it`,
        };
      const size = sizes.get(target);
      if (size === undefined) return { offset: startOf(node), what: "refers to itself by an alias" };
      sizes.set(node, size);
      continue;
    }
    const children = childrenOf(node);
    if (!left) {
      if ("anchor" in node && typeof node.anchor === "string") anchors.set(node.anchor, node);
      stack.push({ node, left: true });
      for (const child of children.toReversed()) stack.push({ node: child, left: false });
      continue;
    }
    const size = children.reduce((sum, child) => sum + (sizes.get(child) ?? 1), 1);
    if (size > MAX_NODES)
      return { offset: startOf(node), what: "unfolds to far more than it holds, by aliases of aliases" };
    sizes.set(node, size);
  }
  return {
    root,
    resolved: (node) => (isNode(node) ? (isAlias(node) ? (targets.get(node) ?? null) : node) : null),
  };
}

function childrenOf(node: Node): Node[] {
  if (isSeq(node)) return node.items.filter((item) => isNode(item));
  return isMap(node)
    ? node.items.flatMap(({ key, value }) => [key, value].filter((part) => isNode(part)))
    : [];
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

const NULL = /^(?:~|null|Null|NULL|)$/;
const TRUE = /^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)$/;
const FALSE = /^(?:n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/;
const NUMBER = /^[-+]?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const OCTAL = /^0o?([0-7]+)$/;

/**
 * A scalar as the tools of Kubernetes read it (sigs.k8s.io/yaml, which is go-yaml 2): the words for true and false
 * of YAML 1.1, numbers, and text.
 */
export function scalarValue(node: unknown): string | number | boolean | null {
  if (!isScalar(node)) return null;
  const value = String(node.value ?? "");
  if (node.type !== "PLAIN" || node.tag?.endsWith("str") === true) return value;
  if (NULL.test(value)) return null;
  if (TRUE.test(value)) return true;
  if (FALSE.test(value)) return false;
  if (NUMBER.test(value)) return Number(value);
  const octal = OCTAL.exec(value)?.[1];
  return octal === undefined ? value : Number.parseInt(octal, 8);
}
