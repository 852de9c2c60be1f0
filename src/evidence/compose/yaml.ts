import { type CollectionTag, Composer, Parser, type ScalarTag } from "yaml";
import type { ComposeNode, ComposeProblem } from "#model/evidence/compose.ts";
import { toTree, yamlProblem } from "./convert.ts";
import type { Lookup } from "./interpolate.ts";

/** What stands in a file. Several documents in one file are merged in order, as overrides are. */
export interface YamlFile {
  documents: ComposeNode[];
  problems: ComposeProblem[];
}

/** Real files are far smaller; what is larger is not read at all. */
const MAX_TEXT = 512 << 10;
/** The parser of a deeper tree would run out of stack. */
const MAX_DEPTH = 128;
/** Problems of one file that are told; the rest follow from them mostly. */
const MAX_PROBLEMS = 20;
const MAX_DOCUMENTS = 32;

const TAGS: (ScalarTag | CollectionTag)[] = ["!reset", "!override"].flatMap((tag) => [
  { tag, resolve: (text: string) => text },
  { tag, collection: "map" as const, resolve: (value: unknown) => value },
  { tag, collection: "seq" as const, resolve: (value: unknown) => value },
]);

/**
 * Reads the YAML of a Compose file into trees with places, follows aliases and merge keys, and puts variables
 * in. Never throws; what is too large, too deep or unfolds too far is a problem and left out.
 */
export function readYaml(path: string, text: string, lookup: Lookup): YamlFile {
  if (text.length > MAX_TEXT) {
    return refused(`the file has ${text.length} characters; more than ${MAX_TEXT} are not read`);
  }
  try {
    const tokens = [...new Parser().parse(text)];
    if (isTooDeep(tokens)) return refused(`the file is nested more than ${MAX_DEPTH} levels deep`);
    const composer = new Composer({
      merge: false,
      // The library compares every key with every other one; see `duplicate` below.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
      resolveKnownTags: false,
      version: "1.2",
      customTags: TAGS,
    });
    const documents: ComposeNode[] = [];
    const problems: ComposeProblem[] = [];
    for (const document of composer.compose(tokens)) {
      if (documents.length >= MAX_DOCUMENTS) break;
      for (const error of document.errors) {
        const [start, end] = error.pos.map((offset) => Math.min(offset, text.length));
        problems.push(yamlProblem(error.message, start ?? 0, Math.max(start ?? 0, end ?? 0)));
      }
      const root = toTree(document, { path, lookup, problems });
      if (root !== null) documents.push(root);
    }
    return { documents, problems: problems.slice(0, MAX_PROBLEMS) };
  } catch (error) {
    return refused(`it cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function refused(message: string): YamlFile {
  return { documents: [], problems: [yamlProblem(message, 0, 0)] };
}

interface Token {
  type: string;
  value?: unknown;
  items?: readonly { key?: unknown; value?: unknown }[];
}

/** Walks the parser's tokens, which are made without recursion, before anything recursive sees them. */
function isTooDeep(tokens: readonly unknown[]): boolean {
  const stack: [token: Token, depth: number][] = tokens.map((token) => [token as Token, 0]);
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [token, depth] = top;
    if (depth > MAX_DEPTH) return true;
    if (token.type === "document" && isToken(token.value)) stack.push([token.value, depth]);
    for (const { key, value } of token.items ?? []) {
      if (isToken(key)) stack.push([key, depth + 1]);
      if (isToken(value)) stack.push([value, depth + 1]);
    }
  }
  return false;
}

function isToken(value: unknown): value is Token {
  return typeof value === "object" && value !== null;
}
