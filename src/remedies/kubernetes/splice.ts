import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import type { Manifest, ManifestPath } from "#model/evidence/manifest.ts";
import type { TextEdit } from "#model/text.ts";

/** What is written into a manifest. */
export type YamlValue = string | number | boolean | readonly string[] | { readonly [key: string]: YamlValue };

type Span = readonly [start: number, end: number];

/**
 * Sets the value at `path`, and makes the maps on the way that are missing. Everything else stays as it is: a value
 * that stands is written over, a new key goes behind the first short one of its map, in the map's own style (block,
 * flow, JSON). Empty where the place is reached through an alias or a merge key, which other places share.
 *
 * @param value a map only where nothing stands at `path` yet
 */
export function setValue(manifest: Manifest, path: ManifestPath, value: YamlValue): TextEdit[] {
  if (!isOwn(manifest, path)) return [];
  const place = manifest.place(path);
  if (place.found && place.node !== null) {
    if (isEmpty(place.node))
      return [afterColon(manifest, place.key.end, ` ${flow(value, isJson(manifest))}`)];
    if (!isScalar(place.node) || typeof value === "object") return [];
    return [edit(manifest, spanOf(place.node), flow(value, isJson(manifest)))];
  }
  let length = path.length - 1;
  while (length >= 0 && !manifest.place(path.slice(0, length)).found) length -= 1;
  const holder = manifest.place(path.slice(0, length));
  const missing = path.slice(length).map(String);
  const [first = ""] = missing;
  const nested = missing.slice(1).reduceRight<YamlValue>((inner, key) => ({ [key]: inner }), value);
  const { node } = holder;
  if (node !== null && isEmpty(node)) {
    return [afterColon(manifest, holder.key.end, ` ${flow({ [first]: nested }, isJson(manifest))}`)];
  }
  return isMap(node) ? insertPair(manifest, node, first, nested) : [];
}

/** Puts an item at the start of the list at `path`. */
export function addItem(manifest: Manifest, path: ManifestPath, item: string): TextEdit[] {
  const { node, found } = manifest.place(path);
  if (!found || !isOwn(manifest, path) || !isSeq(node)) return [];
  const [first] = node.items;
  const [start] = spanOf(node);
  const written = flow(item, isJson(manifest));
  if (node.flow === true)
    return [edit(manifest, [start + 1, start + 1], node.items.length > 0 ? `${written}, ` : written)];
  if (first === undefined) return [];
  const indent = " ".repeat(columnOf(manifest.text, start));
  return [edit(manifest, [start, start], `- ${written}${lineEnd(manifest.text)}${indent}`)];
}

/** Takes items out of the list at `path`; the rest of it keeps its form. */
export function dropItems(
  manifest: Manifest,
  path: ManifestPath,
  drops: (at: number) => boolean,
): TextEdit[] {
  const { node, found } = manifest.place(path);
  if (!found || !isOwn(manifest, path) || !isSeq(node)) return [];
  const { text } = manifest;
  const items = node.items.map((item) => spanOf(item as Node));
  if (node.flow === true) {
    return items.flatMap(([start, end], at) => {
      if (!drops(at)) return [];
      // with the comma behind it, or the one before it at the end of the list
      const behind = /^\s*,[ \t]*/.exec(text.slice(end, end + 200))?.[0].length ?? 0;
      const keptBefore = items.some((_, other) => other < at && !drops(other));
      const before =
        behind === 0 && keptBefore
          ? (/,\s*$/.exec(text.slice(Math.max(0, start - 200), start))?.[0].length ?? 0)
          : 0;
      return [edit(manifest, [start - before, end + behind], "")];
    });
  }
  return items.flatMap(([start, end], at) => {
    if (!drops(at)) return [];
    const from = text.lastIndexOf("\n", start - 1) + 1;
    // `- - x` and `key: - x` have no line of their own
    if (!/^[ \t]*-[ \t]+$/.test(text.slice(from, start))) return [];
    return [edit(manifest, [from, nextLine(text, end)], "")];
  });
}

/** Takes the pair at `path` out, where it stands on lines of its own or within a flow map. */
export function dropPair(manifest: Manifest, path: ManifestPath): TextEdit[] {
  const place = manifest.place(path);
  if (!place.found || !isOwn(manifest, path)) return [];
  const { text } = manifest;
  const start = place.key.start;
  const end = Math.max(place.value.end, place.key.end);
  const from = text.lastIndexOf("\n", start - 1) + 1;
  if (/^[ \t]*$/.test(text.slice(from, start)) && isAtLineEnd(text, end)) {
    return [edit(manifest, [from, nextLine(text, end)], "")];
  }
  const behind = /^\s*,[ \t]*/.exec(text.slice(end, end + 200))?.[0].length ?? 0;
  const before =
    behind === 0 ? (/,\s*$/.exec(text.slice(Math.max(0, start - 200), start))?.[0].length ?? 0) : 0;
  return behind === 0 && before === 0 ? [] : [edit(manifest, [start - before, end + behind], "")];
}

function insertPair(manifest: Manifest, map: YAMLMap, key: string, value: YamlValue): TextEdit[] {
  const { text } = manifest;
  const [first] = map.items;
  if (map.flow === true) {
    const json = isJson(manifest);
    const pair = `${flow(key, json)}: ${flow(value, json)}`;
    const open = spanOf(map)[0] + 1;
    if (first === undefined) return [edit(manifest, [open, open], pair)];
    const [at] = spanOf(first.key as Node);
    return [
      edit(
        manifest,
        [at, at],
        `${pair},${text.slice(open, at).trim() === "" && at > open ? text.slice(open, at) : " "}`,
      ),
    ];
  }
  if (first === undefined) return [];
  const [at] = spanOf(first.key as Node);
  const column = columnOf(text, at);
  const lines = block(key, value, column).join(lineEnd(text));
  const anchor = map.items.find((pair) => isShort(text, pair));
  if (anchor !== undefined) {
    const end = endOfLine(text, spanOf(anchor.value as Node)[1]);
    return [edit(manifest, [end, end], lineEnd(text) + " ".repeat(column) + lines)];
  }
  return [edit(manifest, [at, at], lines + lineEnd(text) + " ".repeat(column))];
}

/** A pair whose value ends on the line on which it begins, with nothing behind it but a comment. */
function isShort(text: string, { key, value }: Pair): boolean {
  if (!isScalar(key) || !isScalar(value) || value.type === "BLOCK_LITERAL" || value.type === "BLOCK_FOLDED")
    return false;
  const [start] = spanOf(key);
  const [, end] = spanOf(value);
  return end > start && !text.slice(start, end).includes("\n") && isAtLineEnd(text, end);
}

function isAtLineEnd(text: string, offset: number): boolean {
  return /^[ \t]*(?:[ \t]#.*)?\r?$/.test(text.slice(offset, endOfLine(text, offset)));
}

/** Lines of a pair in block style; the first one without indentation. */
function block(key: string, value: YamlValue, column: number): string[] {
  if (typeof value !== "object" || isList(value)) return [`${key}: ${flow(value, false)}`];
  const inner = column + 2;
  return [
    `${key}:`,
    ...Object.entries(value).flatMap(([name, part]) => {
      const [head = "", ...rest] = block(name, part, inner);
      return [" ".repeat(inner) + head, ...rest];
    }),
  ];
}

/** A value on one line. */
function flow(value: YamlValue, json: boolean): string {
  if (typeof value === "string") return json ? JSON.stringify(value) : value;
  if (typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map((item) => flow(item, json)).join(", ")}]`;
  const pairs = Object.entries(value).map(([key, part]) => `${flow(key, json)}: ${flow(part, json)}`);
  return `{${pairs.join(", ")}}`;
}

function isList(value: YamlValue): value is readonly string[] {
  return Array.isArray(value);
}

/** Whether the object is written as JSON: then keys and texts need their quotes. */
function isJson({ place }: Manifest): boolean {
  const { node } = place([]);
  const [first] = isMap(node) ? node.items : [];
  return isMap(node) && node.flow === true && isScalar(first?.key) && first.key.type === "QUOTE_DOUBLE";
}

/** False for what is reached through an alias or a merge key: it does not lie within what holds it. */
function isOwn({ place }: Manifest, path: ManifestPath): boolean {
  let outer: Span | null = null;
  for (let length = 0; length <= path.length; length += 1) {
    const { found, node, key } = place(path.slice(0, length));
    if (!found || node === null) return true;
    const span = spanOf(node);
    const [start, end]: Span = outer ?? span;
    if (span[0] < start || span[1] > end || (length > 0 && (key.start < start || key.end > end)))
      return false;
    outer = span;
  }
  return true;
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.source === "" && node.type === "PLAIN";
}

function spanOf({ range }: Node): Span {
  return range === null || range === undefined ? [0, 0] : [range[0], range[1]];
}

function afterColon(manifest: Manifest, offset: number, text: string): TextEdit {
  const colon = manifest.text.indexOf(":", offset);
  return edit(manifest, [colon + 1, colon + 1], text);
}

function edit({ path }: Manifest, [start, end]: Span, text: string): TextEdit {
  return { path, start, end, text };
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  if (newline < 0) return text.length;
  return text.charAt(newline - 1) === "\r" && newline > offset ? newline - 1 : newline;
}

// The end of a block may lie behind its last line end already.
function nextLine(text: string, offset: number): number {
  if (offset > 0 && text.charAt(offset - 1) === "\n") return offset;
  const newline = text.indexOf("\n", offset);
  return newline < 0 ? text.length : newline + 1;
}

function lineEnd(text: string): string {
  const newline = text.indexOf("\n");
  return newline > 0 && text.charAt(newline - 1) === "\r" ? "\r\n" : "\n";
}
