import { entryOf } from "#evidence/compose/tree.ts";
import type { ComposeEntry, ComposeList, ComposeMap, ComposePlace } from "#model/evidence/compose.ts";
import type { TextEdit } from "#model/text.ts";
import {
  columnOf,
  contentEnd,
  dashOf,
  isFirstInLine,
  type Layout,
  lineEnd,
  lineStart,
  nextLine,
  ownEntries,
} from "./layout.ts";
import { blockEntry, flowEntry, scalarLike, type Value } from "./render.ts";

/** Edits that do one thing; null = it cannot be done here without touching what is not meant. */
export type Edits = TextEdit[] | null;

/** Adds a key at the end of a mapping, in its style. */
export function addKey(map: ComposeMap, key: string, value: Value, layout: Layout): Edits {
  const { text, path } = layout;
  const own = ownEntries(map, path);
  const last = own.at(-1);
  const first = own[0];
  if (map.place.path !== path) return null;
  if (map.flow) {
    const json = first !== undefined && text[first.keyPlace.start] === '"';
    const entry = flowEntry(key, value, json);
    // Behind the last entry, or behind the opening brace.
    return last === undefined
      ? [insert(path, map.place.start + 1, entry)]
      : [insert(path, flowEnd(last), `, ${entry}`)];
  }
  if (first === undefined || last === undefined) {
    // Nothing but a merge key: the new key goes above it.
    const { start } = map.place;
    if (map.place.end === start || !isFirstInLine(text, start)) return null;
    const column = columnOf(text, start);
    const line = `${" ".repeat(column)}${blockEntry(key, value, column, layout)}${layout.eol}`;
    return [insert(path, lineStart(text, start), line)];
  }
  // A tag or an anchor may stand before a key, which is then no measure of the indentation.
  const measure = own.find(({ keyPlace }) =>
    /^[ -]*$/.test(text.slice(lineStart(text, keyPlace.start), keyPlace.start)),
  );
  if (measure === undefined) return null;
  const column = columnOf(text, measure.keyPlace.start);
  const rendered = `${" ".repeat(column)}${blockEntry(key, value, column, layout)}`;
  return [insertLine(contentEnd(last), rendered, layout)];
}

/** Adds an item at the end of a list, in its style. `item` is YAML text. */
export function addItem(list: ComposeList, item: string, layout: Layout): Edits {
  const { text, path } = layout;
  if (list.place.path !== path) return null;
  const last = list.places.at(-1);
  const value = list.items.at(-1);
  if (list.flow) {
    return last === undefined
      ? [insert(path, list.place.start + 1, item)]
      : [insert(path, last.end, `, ${item}`)];
  }
  if (last === undefined || value === undefined) return null;
  const dash = dashOf(text, last.start);
  if (dash === null) return null;
  const line = `${" ".repeat(columnOf(text, dash))}- ${item}`;
  return [insertLine(contentEnd({ keyPlace: last, value, valuePlace: last }), line, layout)];
}

/** Removes a key with its value; null where it is the only one, for then its mapping would be empty. */
export function removeKey(map: ComposeMap, key: string, layout: Layout): Edits {
  const own = ownEntries(map, layout.path);
  const entry = own.find((each) => each.key === key);
  if (entry === undefined || own.length < 2) return null;
  const start = entry.keyPlace.start;
  const end = contentEnd(entry);
  if (map.flow) return removeFromFlow(start, Math.max(end, entry.keyPlace.end), layout);
  return isFirstInLine(layout.text, start) ? [removeLines(start, end, layout)] : null;
}

/** Removes items of a list; null where none would be left, for then its key has to go. */
export function removeItems(list: ComposeList, indexes: readonly number[], layout: Layout): Edits {
  if (list.place.path !== layout.path || indexes.length === 0 || indexes.length >= list.items.length)
    return null;
  const edits: TextEdit[] = [];
  for (const index of indexes) {
    const place = list.places[index];
    const value = list.items[index];
    if (place === undefined || value === undefined) return null;
    if (list.flow) {
      // Neighbours share a comma, so that several at once could touch.
      if (indexes.length > 1) return null;
      return removeFromFlow(place.start, place.end, layout);
    }
    const dash = dashOf(layout.text, place.start);
    if (dash === null || !isFirstInLine(layout.text, dash)) return null;
    edits.push(removeLines(dash, contentEnd({ keyPlace: place, value, valuePlace: place }), layout));
  }
  return edits;
}

/** Puts a text in the place of another. */
export function replace(
  { path, start, end }: Pick<ComposePlace, "path" | "start" | "end">,
  text: string,
): TextEdit {
  return { path, start, end, text };
}

/** Sets a key of a mapping to a single value: its value is replaced, or the key added. */
export function setScalar(map: ComposeMap, key: string, value: string, layout: Layout): Edits {
  const entry = ownEntry(map, key, layout);
  if (entry === undefined) return addKey(map, key, value, layout);
  if (entry.value.kind !== "scalar") return null;
  const { start, end } = entry.valuePlace;
  // `key:` alone has its value right behind the colon.
  const bare = start === end;
  const old = layout.text.slice(start, end);
  const quoted = /^["']/.test(old) ? scalarLike(old, value) : value;
  return [replace({ path: layout.path, start, end }, bare ? ` ${value}` : quoted)];
}

/** The entry of a key that this mapping writes itself. */
export function ownEntry(map: ComposeMap, key: string, layout: Layout): ComposeEntry | undefined {
  const entry = entryOf(map, key);
  return entry !== undefined && ownEntries(map, layout.path).includes(entry) ? entry : undefined;
}

function insert(path: string, at: number, text: string): TextEdit {
  return { path, start: at, end: at, text };
}

/** A new line behind the one in which `end` lies; a block scalar ends at the start of the next line already. */
function insertLine(end: number, line: string, { path, text, eol }: Layout): TextEdit {
  if (end > 0 && text[end - 1] === "\n") return insert(path, end, `${line}${eol}`);
  const at = lineEnd(text, end);
  return insert(path, at, `${eol}${line}`);
}

function removeLines(start: number, end: number, { path, text }: Layout): TextEdit {
  const from = lineStart(text, start);
  const to = end > start && text[end - 1] === "\n" ? end : nextLine(text, end);
  // At the end of a file without a last line end, the one before goes instead.
  if (to === text.length && text[to - 1] !== "\n" && from > 0) {
    const before = text[from - 2] === "\r" ? from - 2 : from - 1;
    return { path, start: before, end: to, text: "" };
  }
  return { path, start: from, end: to, text: "" };
}

/** Removes a part of a flow collection with the comma behind it, or that before it where it is the last. */
function removeFromFlow(start: number, end: number, { path, text }: Layout): Edits {
  const behind = /^[ \t]*,[ \t]*/.exec(text.slice(end, end + 200));
  if (behind !== null) return [{ path, start, end: end + behind[0].length, text: "" }];
  const before = /,[ \t]*$/.exec(text.slice(Math.max(0, start - 200), start));
  return before === null ? null : [{ path, start: start - before[0].length, end, text: "" }];
}

function flowEnd(entry: ComposeEntry): number {
  return Math.max(entry.valuePlace.end, entry.keyPlace.end);
}
