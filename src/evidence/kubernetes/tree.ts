import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import type { ManifestPath, ManifestPlace } from "#model/evidence/manifest.ts";
import type { Range } from "#model/text.ts";
import { scalarValue, type YamlDocument } from "./yaml.ts";

/** What a document says, as plain data. Values that aliases share are one object, so it is not larger than its text. */
export function dataOf(document: YamlDocument): unknown {
  const done = new Map<Node, unknown>();
  const read = (from: unknown): unknown => {
    const node = document.resolved(from);
    if (node === null) return null;
    if (isScalar(node)) return scalarValue(node);
    const known = done.get(node);
    if (known !== undefined) return known;
    if (isSeq(node)) {
      const list: unknown[] = [];
      done.set(node, list);
      for (const item of node.items) list.push(read(item));
      return list;
    }
    if (!isMap(node)) return null;
    const map: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    done.set(node, map);
    for (const [name, pair] of pairsOf(node, document)) map[name] = read(pair.value);
    return map;
  };
  return read(document.root);
}

const known = new WeakMap<YAMLMap, Map<string, Pair>>();

/** Pairs of a map by name: its own, then what it merges by `<<` (yaml.org/type/merge.html). */
function pairsOf(map: YAMLMap, document: YamlDocument): Map<string, Pair> {
  const before = known.get(map);
  if (before !== undefined) return before;
  const pairs = new Map<string, Pair>();
  known.set(map, pairs);
  const merged: unknown[] = [];
  for (const pair of map.items) {
    const name = isScalar(pair.key) ? String(pair.key.value ?? "") : null;
    if (name === null) continue;
    if (name === "<<" && isScalar(pair.key) && pair.key.type === "PLAIN") merged.push(pair.value);
    else pairs.set(name, pair);
  }
  for (const value of merged) {
    const node = document.resolved(value);
    for (const source of isSeq(node) ? node.items : [node]) {
      const from = document.resolved(source);
      if (!isMap(from)) continue;
      for (const [name, pair] of pairsOf(from, document)) if (!pairs.has(name)) pairs.set(name, pair);
    }
  }
  return pairs;
}

/** `name: {{ .Values.name }}` reads as a map whose key is a map, which no manifest has. */
export function hasMapAsKey(root: Node): boolean {
  const stack: unknown[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isSeq(node)) {
      for (const item of node.items) if (item !== null && item !== undefined) stack.push(item);
    }
    if (!isMap(node)) continue;
    for (const { key, value } of node.items) {
      if (isMap(key)) return true;
      if (value !== null && value !== undefined) stack.push(value);
    }
  }
  return false;
}

/** Finds the place of `path` in a document. */
export function placeIn(document: YamlDocument, path: ManifestPath): ManifestPlace {
  let node: Node | null = document.root;
  let key = rangeOf(document.root);
  let value = key;
  for (const step of path) {
    let next: unknown;
    let title: unknown;
    if (isMap(node)) {
      const pair = pairsOf(node, document).get(String(step));
      next = pair?.value;
      title = pair?.key;
    } else if (isSeq(node)) next = node.items[Number(step)];
    if (next === undefined && title === undefined) return { found: false, key, value, node };
    // what an alias stands for is judged where it stands
    const target = document.resolved(next);
    const own = rangeOf(next ?? title);
    key = title === undefined ? own : rangeOf(title);
    value = own;
    node = target;
  }
  return { found: true, key, value, node };
}

function rangeOf(node: unknown): Range {
  const range = (node as { range?: [number, number, number] | null } | null)?.range;
  return range === null || range === undefined ? { start: 0, end: 0 } : { start: range[0], end: range[1] };
}
