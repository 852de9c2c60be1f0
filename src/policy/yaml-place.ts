import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";

/** Where something stands in a YAML text: offsets of its key and its value. */
export interface Place {
  key: number;
  value: number;
  /** False where the text does not name it; then the place is that of the nearest thing around it. */
  found: boolean;
}

/** Finds the place of `path` below `root`, through aliases. */
export function placeOf(
  path: readonly PropertyKey[],
  root: Node | null,
  document: Document.Parsed | null,
): Place {
  let node: unknown = root;
  let key = startOf(root) ?? 0;
  let value = key;
  for (const step of path) {
    if (isAlias(node) && document !== null) node = node.resolve(document);
    const pair = isMap(node) ? pairsOf(node).get(String(step)) : undefined;
    const next: unknown = isSeq(node) ? node.items[Number(step)] : pair?.value;
    if (pair === undefined && next === undefined) return { key, value, found: false };
    key = startOf(pair?.key) ?? startOf(next) ?? value;
    value = startOf(next) ?? key;
    node = next;
  }
  return { key, value, found: true };
}

const pairs = new WeakMap<YAMLMap, Map<string, Pair>>();

// A file may have as many mistakes as keys, so a look-up must not walk through all of them.
function pairsOf(map: YAMLMap): Map<string, Pair> {
  let known = pairs.get(map);
  if (known === undefined) {
    known = new Map(map.items.map((item) => [keyName(item.key), item]));
    pairs.set(map, known);
  }
  return known;
}

/** A key as the data has it. */
export function keyName(key: unknown): string {
  return isScalar(key) ? String(key.value) : "";
}

/** Offset of a node; undefined for what has none. */
export function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
