import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type {
  ComposeEntry,
  ComposeList,
  ComposeMap,
  ComposeNode,
  ComposePlace,
  ComposeProblem,
  ComposeScalar,
  ComposeStyle,
  ComposeTag,
} from "#model/evidence/compose.ts";
import { hasVariable, interpolate, type Lookup } from "./interpolate.ts";

/** What surrounds a document that is turned into a tree. */
export interface Surroundings {
  /** The file, as the user names it. */
  path: string;
  lookup: Lookup;
  /** Problems are added here. */
  problems: ComposeProblem[];
}

/** Nodes of a document when all aliases are unfolded: more is an alias bomb. */
const MAX_NODES = 100_000;
/** As deep as what is unfolded may become. */
const MAX_DEPTH = 128;

const STYLES: Readonly<Record<string, ComposeStyle>> = {
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "literal",
  BLOCK_FOLDED: "folded",
};

interface Converted {
  node: ComposeNode;
  /** Nodes in it, each alias counted as what it stands for. */
  size: number;
  depth: number;
}

type Written = { range?: readonly [number, number, number] | null; tag?: string; anchor?: string };

/** Something that keeps a file from being read as YAML. */
export function yamlProblem(message: string, start: number, end: number): ComposeProblem {
  const told = message.replace(/\.$/, "");
  return { kind: "yaml", message: told, range: { start, end }, key: told };
}

/**
 * Turns a parsed document into our tree: aliases and merge keys (`<<`) are followed, variables put in. An
 * anchor is converted once and shared, and what would unfold to more than a bound is left out with a problem,
 * so that whoever walks the tree needs no bound of its own. null = the document is empty.
 */
export function toTree(
  document: Document.Parsed,
  { path, lookup, problems }: Surroundings,
): ComposeNode | null {
  const used = usedAnchors(document.contents);
  const anchors = new Map<string, Converted | "open">();
  if (document.contents === null) return null;
  return convert(document.contents, false).node;

  function convert(node: unknown, shared: boolean): Converted {
    if (isAlias(node)) return follow(node.source, rangeOf(node));
    const anchor = (node as Written | null)?.anchor;
    const isShared = shared || (anchor !== undefined && used.has(anchor));
    if (anchor !== undefined) anchors.set(anchor, "open");
    const converted = isMap(node)
      ? convertMap(node, isShared)
      : isSeq(node)
        ? convertList(node, isShared)
        : leaf(convertScalar(isScalar(node) ? node : null, isShared));
    if (anchor !== undefined) anchors.set(anchor, converted);
    return converted;
  }

  function follow(name: string, [start, end]: readonly [number, number]): Converted {
    const target = anchors.get(name);
    if (target === undefined || target === "open") {
      const why = target === undefined ? "has no anchor before it" : "stands within its own anchor";
      problems.push(yamlProblem(`the alias *${name} ${why}`, start, end));
      return leaf(nothing({ path, start, end, shared: false }));
    }
    return target;
  }

  function bounded(parts: readonly Converted[], node: ComposeNode): Converted {
    let size = 1;
    let depth = 0;
    for (const part of parts) {
      size += part.size;
      depth = Math.max(depth, part.depth);
    }
    if (size <= MAX_NODES && depth < MAX_DEPTH) return { node, size, depth: depth + 1 };
    const { start } = node.place;
    problems.push(yamlProblem("its aliases unfold to more than a Compose file can need", start, start));
    return leaf(nothing(node.place));
  }

  function convertList(list: YAMLSeq, shared: boolean): Converted {
    const parts = list.items.map((item) => convert(item, shared));
    const node: ComposeList = {
      kind: "list",
      items: parts.map((part) => part.node),
      places: list.items.map((item) => placeOf(item as Written, shared)),
      flow: list.flow === true,
      tag: tagOf(list),
      place: placeOf(list, shared),
    };
    return bounded(parts, node);
  }

  function convertMap(map: YAMLMap, shared: boolean): Converted {
    const entries = new Map<string, ComposeEntry>();
    const parts: Converted[] = [];
    const merges: Converted[] = [];
    for (const { key: keyNode, value: valueNode } of map.items) {
      const [start, end] = rangeOf(keyNode);
      const keyPlace = { path, start, end, shared };
      if (!isScalar(keyNode)) {
        problems.push(yamlProblem("a key must be a plain text", start, end));
        continue;
      }
      const key = String(keyNode.value);
      const value = convert(valueNode, shared);
      parts.push(value);
      if (key === "<<" && keyNode.type === "PLAIN") {
        merges.push(value);
        continue;
      }
      if (entries.has(key)) {
        problems.push(yamlProblem(`the key ${key} stands here a second time`, start, end));
      }
      const valuePlace = valueNode === null ? keyPlace : placeOf(valueNode as Written, shared);
      entries.set(key, { key, keyPlace, value: value.node, valuePlace });
    }
    // The first of several merged maps wins, and what is written here wins over all (YAML merge keys, type/merge).
    const small = parts.reduce((sum, { size }) => sum + size, 0) <= MAX_NODES;
    for (const merged of merges.flatMap(({ node }) => (node.kind === "list" ? node.items : [node]))) {
      if (merged.kind !== "map" || !small) continue;
      for (const [key, entry] of merged.entries) if (!entries.has(key)) entries.set(key, entry);
    }
    const node: ComposeMap = {
      kind: "map",
      entries,
      flow: map.flow === true,
      tag: tagOf(map),
      place: placeOf(map, shared),
    };
    return bounded(parts, node);
  }

  function convertScalar(scalar: Scalar | null, shared: boolean): ComposeScalar {
    const place = scalar === null ? { path, start: 0, end: 0, shared } : placeOf(scalar, shared);
    const written = plainValue(scalar?.value);
    const base: ComposeScalar = {
      ...nothing(place),
      value: written,
      written,
      style: STYLES[scalar?.type ?? ""] ?? "plain",
      tag: scalar === null ? null : tagOf(scalar),
    };
    if (typeof written !== "string" || !hasVariable(written)) return base;
    const { text, variables, fault } = interpolate(written, lookup);
    if (fault !== null) {
      // Exact where the text stands in the file as it is; else the whole value.
      const { start, end } = place;
      const exact = base.style === "plain" && end - start === written.length;
      const shift = base.style === "single" || base.style === "double" ? 1 : 0;
      const quoted = shift === 1 && end - start === written.length + 2;
      problems.push({
        kind: "variable",
        message: fault.message,
        range:
          exact || quoted
            ? { start: start + shift + fault.start, end: start + shift + fault.end }
            : { start, end },
        key: fault.message,
      });
    }
    return { ...base, value: text, variables };
  }

  function placeOf(node: Written, shared: boolean): ComposePlace {
    const [start, end] = rangeOf(node);
    return { path, start, end, shared };
  }
}

function leaf(node: ComposeNode): Converted {
  return { node, size: 1, depth: 1 };
}

function nothing(place: ComposePlace): ComposeScalar {
  return { kind: "scalar", value: null, written: null, variables: [], style: "plain", tag: null, place };
}

function plainValue(value: unknown): ComposeScalar["written"] {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

function tagOf({ tag }: Written): ComposeTag {
  if (tag === "!reset") return "reset";
  return tag === "!override" ? "override" : null;
}

// Of the value alone, without the comment behind it.
function rangeOf(node: unknown): readonly [number, number] {
  const [start, end] = (node as Written | null)?.range ?? [0, 0];
  return [start, end];
}

/** Names of the anchors that some alias uses. */
function usedAnchors(root: unknown): ReadonlySet<string> {
  const used = new Set<string>();
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (isAlias(node)) used.add(node.source);
    else if (isSeq(node)) for (const item of node.items) stack.push(item);
    else if (isMap(node)) for (const { key, value } of node.items) stack.push(key, value);
  }
  return used;
}
