import { at, textsOf } from "#evidence/compose/tree.ts";
import type { ComposeFile, ComposeMap, ComposeNode, ComposeService } from "#model/evidence/compose.ts";
import type { Fix } from "#model/text.ts";
import {
  addItem,
  addKey,
  type Edits,
  ownEntry,
  removeItems,
  removeKey,
  replace,
  setScalar,
} from "./edits.ts";
import { scalarLike } from "./render.ts";
import { type Layout, ownEntries } from "./layout.ts";
import type { Value } from "./render.ts";

/** What a fix is made of. */
export interface Change {
  file: ComposeFile;
  layout: Layout;
  /** null for findings about the file as a whole. */
  service: ComposeService | null;
  /** The settings of the service as this file writes them. */
  written: ComposeMap | null;
  /** Key of the finding: the mount's target, the port, the variable. */
  key: string;
}

/** Makes the fixes of a finding; none where they would touch what is not meant. */
export type Builder = (change: Change) => Fix[];

type Safety = Fix["safety"];

/** One fix from edits; none where there are none. What lies under an anchor changes other places, and says so. */
export function fixOf(title: string, safety: Safety, edits: Edits, touched?: ComposeNode | null): Fix[] {
  if (edits === null || edits.length === 0) return [];
  return touched?.place.shared === true
    ? [{ title: `${title} (at its anchor, and so in every place that uses it)`, safety: "unsafe", edits }]
    : [{ title, safety, edits }];
}

/** Sets a key of the service to a single value. */
export function set(key: string, value: string, safety: Safety): Builder {
  return ({ written, layout, file }) => {
    if (written === null || isOverridden(file, written, key)) return [];
    return fixOf(`Set ${key}: ${value}`, safety, setScalar(written, key, value, layout), written);
  };
}

/** Removes keys of the service, as far as they stand in it. */
export function drop(safety: Safety, ...keys: string[]): Builder {
  return ({ written, layout }) => {
    if (written === null) return [];
    const present = keys.filter((key) => ownEntry(written, key, layout) !== undefined);
    const edits = present.map((key) => removeKey(written, key, layout));
    // All of a mapping's keys cannot go.
    if (edits.includes(null) || present.length >= ownEntries(written, layout.path).length) return [];
    const removed = joined(edits.flatMap((each) => each ?? []));
    return fixOf(`Remove ${present.join(" and ")}`, safety, removed, written);
  };
}

/** Removes those items of a list of the service that match, and the key where none is left. */
export function dropItems(
  key: string,
  matches: (item: ComposeNode, change: Change) => boolean,
  title: (item: ComposeNode) => string,
  safety: Safety = "unsafe",
): Builder {
  return (change) => {
    const { written, layout } = change;
    const list = at(written, key);
    if (written === null || list?.kind !== "list") return [];
    const index = list.items.findIndex((item) => matches(item, change));
    const item = list.items[index];
    if (item === undefined) return [];
    const own = ownEntry(written, key, layout) !== undefined;
    const edits =
      list.items.length === 1
        ? own
          ? removeKey(written, key, layout)
          : null
        : removeItems(list, [index], layout);
    return fixOf(title(item), safety, edits, list);
  };
}

/** Adds an item to a list of the service, or the list with it. */
export function addTo(key: string, item: string, safety: Safety): Builder {
  return ({ written, layout }) => {
    if (written === null) return [];
    const title = `Add ${item} to ${key}`;
    const present = at(written, key);
    if (present === undefined) return fixOf(title, safety, addKey(written, key, [item], layout), written);
    if (present.kind !== "list" || textsOf(present).includes(item)) return [];
    return fixOf(title, safety, addItem(present, item, layout), present);
  };
}

/** Adds several keys to the service that it lacks, as one fix. */
export function addKeys(title: string, safety: Safety, keys: Readonly<Record<string, Value>>): Builder {
  return ({ written, layout }) => {
    if (written === null) return [];
    const missing = Object.entries(keys).filter(([key]) => at(written, key) === undefined);
    const edits = missing.map(([key, value]) => addKey(written, key, value, layout));
    if (edits.length === 0 || edits.includes(null)) return [];
    return fixOf(title, safety, merged(edits.flatMap((each) => each ?? [])), written);
  };
}

/** Puts a text in the place of an item of a list, in the same quotes. */
export function replaceItem(
  { layout }: Change,
  item: ComposeNode,
  text: string,
  title: string,
  list: ComposeNode,
  safety: Fix["safety"] = "unsafe",
): Fix[] {
  if (item.kind !== "scalar" || item.place.path !== layout.path) return [];
  if (item.style === "literal" || item.style === "folded") return [];
  const old = layout.text.slice(item.place.start, item.place.end);
  return fixOf(title, safety, [replace(item.place, scalarLike(old, text))], list);
}

/** Insertions at one place become one edit, so that their order is told. */
function merged(edits: NonNullable<Edits>): NonNullable<Edits> {
  const result: NonNullable<Edits> = [];
  for (const edit of edits) {
    const last = result.at(-1);
    if (last !== undefined && last.start === edit.start && last.end === edit.end && last.start === last.end) {
      result[result.length - 1] = { ...last, text: last.text + edit.text };
    } else result.push(edit);
  }
  return result;
}

/** Removals that overlap become one: two last lines share the line end before them. */
function joined(edits: NonNullable<Edits>): NonNullable<Edits> {
  const result: NonNullable<Edits> = [];
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && edit.start < last.end) {
      result[result.length - 1] = { ...last, end: Math.max(last.end, edit.end) };
    } else result.push(edit);
  }
  return result;
}

/** An override file says otherwise, so that a change here would change nothing. */
function isOverridden(file: ComposeFile, written: ComposeMap, key: string): boolean {
  const service = file.declared.find((each) => each.written === written);
  const effective = at(service?.settings, key);
  return effective !== undefined && file.overrides.includes(effective.place.path);
}
