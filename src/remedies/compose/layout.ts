import { at, entriesOf } from "#evidence/compose/tree.ts";
import type { ComposeEntry, ComposeFile, ComposeMap } from "#model/evidence/compose.ts";

/** How a file is laid out, so that what is added looks as if its author had written it. */
export interface Layout {
  path: string;
  text: string;
  /** `\n` or `\r\n`, as the first line ends. */
  eol: string;
  /** Blanks per level. */
  step: number;
  /** Whether the dashes of a list stand further right than its key. */
  listsIndented: boolean;
}

/** Reads the layout of a file off its first services. */
export function layoutOf({ path, text, written }: Pick<ComposeFile, "path" | "text" | "written">): Layout {
  const newline = text.indexOf("\n");
  const eol = newline > 0 && text[newline - 1] === "\r" ? "\r\n" : "\n";
  const services = entriesOf(at(written, "services"));
  let step = 2;
  let listsIndented = true;
  for (const service of services.slice(0, 20)) {
    const first = ownEntries(service.value, path)[0];
    if (first === undefined || (service.value.kind === "map" && service.value.flow)) continue;
    const width = columnOf(text, first.keyPlace.start) - columnOf(text, service.keyPlace.start);
    if (width > 0 && width <= 8) step = width;
    break;
  }
  const list = services
    .slice(0, 100)
    .flatMap((service) => ownEntries(service.value, path))
    .find(({ value }) => value.kind === "list" && !value.flow && value.items.length > 0);
  if (list?.value.kind === "list") {
    const dash = dashOf(text, list.value.places[0]?.start ?? 0);
    if (dash !== null) listsIndented = columnOf(text, dash) > columnOf(text, list.keyPlace.start);
  }
  return { path, text, eol, step, listsIndented };
}

/** Entries that stand in this mapping of this file, in order; what merge keys bring stands elsewhere. */
export function ownEntries(map: unknown, path: string): ComposeEntry[] {
  const node = map as ComposeMap | null | undefined;
  if (node?.kind !== "map") return [];
  return entriesOf(node)
    .filter(
      ({ keyPlace }) =>
        keyPlace.path === path && keyPlace.start >= node.place.start && keyPlace.start <= node.place.end,
    )
    .toSorted((a, b) => a.keyPlace.start - b.keyPlace.start);
}

/** Offset of the first character of the line that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Offset of the end of the line that holds `offset`, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  if (newline < 0) return text.length;
  return newline > offset && text[newline - 1] === "\r" ? newline - 1 : newline;
}

/** Offset behind the line that holds `offset`, its line end included. */
export function nextLine(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  return newline < 0 ? text.length : newline + 1;
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** True if nothing but blanks stands before `offset` in its line. */
export function isFirstInLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === "";
}

/** Offset of the dash of a block list's item, null where the line does not begin with it. */
export function dashOf(text: string, item: number): number | null {
  const start = lineStart(text, item);
  const dash = start + (/^ */.exec(text.slice(start, item))?.[0].length ?? 0);
  return text[dash] === "-" && dash < item ? dash : null;
}

/** Where the last thing written in an entry or item ends. Block scalars take their line ends with them. */
export function contentEnd(entry: Pick<ComposeEntry, "keyPlace" | "value" | "valuePlace">): number {
  const { value, valuePlace } = entry;
  // An alias, or a value that stands in one place.
  if (value.place.start !== valuePlace.start || value.kind === "scalar")
    return Math.max(valuePlace.end, entry.keyPlace.end);
  if (value.flow) return value.place.end;
  if (value.kind === "list") {
    const last = value.items.length - 1;
    const item = value.items[last];
    const place = value.places[last];
    if (item === undefined || place === undefined) return value.place.end;
    return contentEnd({ keyPlace: place, value: item, valuePlace: place });
  }
  const last = ownEntries(value, value.place.path).at(-1);
  return last === undefined ? value.place.end : contentEnd(last);
}
