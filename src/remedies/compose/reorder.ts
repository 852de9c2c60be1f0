import { readYaml } from "#evidence/compose/yaml.ts";
import type { ComposeList, ComposeMap } from "#model/evidence/compose.ts";
import type { TextEdit } from "#model/text.ts";
import {
  columnOf,
  contentEnd,
  dashOf,
  isFirstInLine,
  type Layout,
  lineStart,
  nextLine,
  ownEntries,
} from "./layout.ts";
import type { Edits } from "./edits.ts";

/** A run of whole lines that moves as one. */
interface Block {
  start: number;
  end: number;
}

/**
 * Puts the entries of a mapping into another order. Comments above an entry move with it, blank lines stay where
 * they separate.
 */
export function reorderMap(
  map: ComposeMap,
  order: (keys: readonly string[]) => string[],
  layout: Layout,
): Edits {
  const own = ownEntries(map, layout.path);
  if (own.length < 2) return null;
  const keys = own.map(({ key }) => key);
  const positions = order(keys).map((key) => keys.indexOf(key));
  if (map.flow) {
    return swapTexts(
      own.map((entry) => ({
        start: entry.keyPlace.start,
        end: Math.max(entry.valuePlace.end, entry.keyPlace.end),
      })),
      positions,
      layout,
    );
  }
  if (!own.every((entry) => isFirstInLine(layout.text, entry.keyPlace.start))) return null;
  return moveBlocks(
    own.map((entry) => ({ start: entry.keyPlace.start, end: contentEnd(entry) })),
    positions,
    layout,
  );
}

/** The same for the items of a list; `positions` says which item comes first, second, …. */
export function reorderList(list: ComposeList, positions: readonly number[], layout: Layout): Edits {
  if (list.place.path !== layout.path || list.items.length < 2) return null;
  if (list.flow) return swapTexts(list.places, positions, layout);
  const blocks: Block[] = [];
  for (const [index, item] of list.items.entries()) {
    const place = list.places[index];
    const dash = place === undefined ? null : dashOf(layout.text, place.start);
    if (place === undefined || dash === null || !isFirstInLine(layout.text, dash)) return null;
    blocks.push({ start: dash, end: contentEnd({ keyPlace: place, value: item, valuePlace: place }) });
  }
  return moveBlocks(blocks, positions, layout);
}

/** Within a flow collection every part takes the text of another one; what stands between stays. */
function swapTexts(parts: readonly Block[], positions: readonly number[], layout: Layout): Edits {
  if (!isPermutation(positions, parts.length)) return null;
  const edits = parts.flatMap(({ start, end }, index): TextEdit[] => {
    const from = parts[positions[index] ?? index];
    const text = from === undefined ? "" : layout.text.slice(from.start, from.end);
    return text === layout.text.slice(start, end) ? [] : [{ path: layout.path, start, end, text }];
  });
  return proven(edits, layout);
}

function moveBlocks(contents: readonly Block[], positions: readonly number[], layout: Layout): Edits {
  const { text, path, eol } = layout;
  if (!isPermutation(positions, contents.length)) return null;
  const blocks: { gap: string; body: string }[] = [];
  let at = leadOf(text, contents[0]?.start ?? 0);
  const begin = at;
  for (const { start, end } of contents) {
    // From behind the entry before: blank lines that separate, then comments that belong to this one.
    const behind = end > start && text[end - 1] === "\n" ? end : nextLine(text, end);
    if (behind <= at) return null;
    const whole = text.slice(at, behind);
    const gap = /^(?:[ \t]*\r?\n)*/.exec(whole)?.[0] ?? "";
    blocks.push({ gap, body: whole.slice(gap.length) });
    at = behind;
  }
  const ended = text[at - 1] === "\n";
  const moved = positions.map((position, index) => {
    const body = blocks[position]?.body ?? "";
    return `${blocks[index]?.gap ?? ""}${body.endsWith("\n") ? body : body + eol}`;
  });
  const joined = moved.join("");
  const result = ended ? joined : joined.replace(/\r?\n$/, "");
  return proven([{ path, start: begin, end: at, text: result }], layout);
}

// The same name twice has no order, and nothing may be lost.
function isPermutation(positions: readonly number[], count: number): boolean {
  return positions.length === count && new Set(positions).size === count && !positions.includes(-1);
}

/**
 * Where the comments above the first entry begin, which move with it: those with its indentation. At the top of a
 * file they belong to the file.
 */
function leadOf(text: string, first: number): number {
  const column = columnOf(text, first);
  let at = lineStart(text, first);
  if (column === 0) return at;
  while (at > 0) {
    const above = lineStart(text, at - 1);
    const line = text.slice(above, at);
    if (line.search(/\S/) !== column || line[column] !== "#") break;
    at = above;
  }
  return at;
}

// An alias must stay behind its anchor, and keys of a block scalar must not become text.
function proven(edits: TextEdit[], layout: Layout): Edits {
  if (edits.length === 0) return null;
  let after = "";
  let at = 0;
  for (const edit of edits) {
    after += layout.text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  after += layout.text.slice(at);
  const lookup = (): undefined => undefined;
  const before = readYaml(layout.path, layout.text, lookup);
  const now = readYaml(layout.path, after, lookup);
  return now.problems.length > before.problems.length ? null : edits;
}
