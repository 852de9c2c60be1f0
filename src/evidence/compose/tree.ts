import type {
  ComposeEntry,
  ComposeList,
  ComposeMap,
  ComposeNode,
  ComposePlace,
  ComposeScalar,
} from "#model/evidence/compose.ts";
import { interpolate } from "./interpolate.ts";

/** The node at a path of keys below a mapping, undefined where any of them is missing or no mapping. */
export function at(
  node: ComposeNode | null | undefined,
  ...keys: readonly string[]
): ComposeNode | undefined {
  let here: ComposeNode | null | undefined = node;
  for (const key of keys) {
    if (here?.kind !== "map") return undefined;
    here = here.entries.get(key)?.value;
  }
  return here ?? undefined;
}

/** The entry of a key, undefined where the node is no mapping or lacks it. */
export function entryOf(node: ComposeNode | null | undefined, key: string): ComposeEntry | undefined {
  return node?.kind === "map" ? node.entries.get(key) : undefined;
}

/** Entries of a mapping in order, none for anything else. */
export function entriesOf(node: ComposeNode | null | undefined): ComposeEntry[] {
  return node?.kind === "map" ? [...node.entries.values()] : [];
}

/** Items of a list; a single value where Compose takes that for a list of one; none for nothing. */
export function itemsOf(node: ComposeNode | null | undefined): readonly ComposeNode[] {
  if (node === null || node === undefined || node.kind === "map") return [];
  if (node.kind === "list") return node.items;
  return node.value === null ? [] : [node];
}

/** The text of a single value, "" for nothing and for what is no single value. */
export function textOf(node: ComposeNode | null | undefined): string {
  return node?.kind === "scalar" && node.value !== null ? String(node.value) : "";
}

/** Texts of a list or of a single value. */
export function textsOf(node: ComposeNode | null | undefined): string[] {
  return itemsOf(node).flatMap((item) =>
    item.kind === "scalar" && item.value !== null ? [textOf(item)] : [],
  );
}

/** A switch. Texts count as Compose casts them after putting variables in. */
export function flagOf(node: ComposeNode | null | undefined): boolean {
  return node?.kind === "scalar" && /^(?:true|yes|y|on|1)$/i.test(String(node.value));
}

/** A number, NaN for what is none. */
export function numberOf(node: ComposeNode | null | undefined): number {
  const text = textOf(node).trim();
  return text === "" ? Number.NaN : Number(text);
}

/** True if a variable in the value is not set and has no default: what it reads like now is not what will be. */
export function isOpen(node: ComposeNode | null | undefined): boolean {
  return node?.kind === "scalar" && node.variables.some(({ from }) => from === "nothing");
}

/** The value as this file alone gives it: defaults stand in, the environment does not. */
export function textAlone(node: ComposeNode | null | undefined): string {
  if (node?.kind !== "scalar" || node.written === null) return "";
  return typeof node.written === "string"
    ? interpolate(node.written, () => undefined).text
    : String(node.written);
}

/** A name with its value, written `NAME: value` or as an item `NAME=value`. */
export interface Pair {
  name: string;
  /** null where only the name is given. */
  value: ComposeScalar | null;
  /** Of the whole pair. */
  place: ComposePlace;
}

/** The pairs of `environment`, `labels`, `args` and the like, in either of their two forms. */
export function pairsOf(node: ComposeNode | null | undefined): Pair[] {
  if (node?.kind === "map") {
    return entriesOf(node).map(({ key, keyPlace, value, valuePlace }) => ({
      name: key,
      value: value.kind === "scalar" && value.value !== null ? value : null,
      place: span(keyPlace, valuePlace),
    }));
  }
  if (node?.kind !== "list") return [];
  return node.items.flatMap((item): Pair[] => {
    if (item.kind !== "scalar" || item.value === null) return [];
    const text = String(item.value);
    const equals = text.indexOf("=");
    const name = equals < 0 ? text : text.slice(0, equals);
    const written = String(item.written);
    const value =
      equals < 0
        ? null
        : { ...item, value: text.slice(equals + 1), written: written.slice(written.indexOf("=") + 1) };
    return [{ name, value, place: item.place }];
  });
}

/** From the start of one place to the end of another; the first one where they are in different files. */
export function span(first: ComposePlace, second: ComposePlace): ComposePlace {
  if (first.path !== second.path || second.start < first.start) return first;
  return { ...first, end: Math.max(first.end, second.end), shared: first.shared || second.shared };
}

/** An empty mapping at a place. */
export function emptyMap(place: ComposePlace): ComposeMap {
  return { kind: "map", entries: new Map(), flow: false, tag: null, place };
}

/** A copy of a mapping with other entries. */
export function withEntries(map: ComposeMap, entries: Iterable<[string, ComposeEntry]>): ComposeMap {
  return { ...map, entries: new Map(entries) };
}

/** A copy of a list with other items. */
export function withItems(list: ComposeList, items: readonly ComposeNode[]): ComposeList {
  return { ...list, items, places: items.map(({ place }) => place) };
}
