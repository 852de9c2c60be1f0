import { at, itemsOf } from "#evidence/compose/tree.ts";
import type { ComposeNode } from "#model/evidence/compose.ts";
import type { Fix } from "#model/text.ts";
import { type Change, fixOf } from "./change.ts";
import { removeKey, replace } from "./edits.ts";

export function version({ file, layout }: Change): Fix[] {
  return file.written === null
    ? []
    : fixOf("Remove version", "safe", removeKey(file.written, "version", layout));
}

/** The keys of the mapping in which a key stands. */
function siblingsOf(root: ComposeNode | null, start: number): ReadonlySet<string> {
  const stack: ComposeNode[] = root === null ? [] : [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === "list") for (const item of node.items) stack.push(item);
    if (node.kind !== "map") continue;
    for (const entry of node.entries.values()) {
      if (entry.keyPlace.start === start) return new Set(node.entries.keys());
      stack.push(entry.value);
    }
  }
  return new Set();
}

/** What was meant stands with the problem. A value in quotes is the same value; another word is a guess. */
export function suggestion({ file, key }: Change): Fix[] {
  const problem = file.problems.find((each) => each.key === key && each.suggestion !== undefined);
  if (problem?.suggestion === undefined) return [];
  const { range, suggestion: text, kind } = problem;
  if (kind === "key" && siblingsOf(file.written, range.start).has(text)) return [];
  const quoted = text.startsWith('"');
  return fixOf(quoted ? `Write it in quotes: ${text}` : `Write ${text}`, quoted ? "safe" : "unsafe", [
    { path: file.path, ...range, text },
  ]);
}

export function portQuotes(change: Change): Fix[] {
  return quotes(
    change,
    ["ports", "expose"],
    (item) => (item.style === "plain" ? JSON.stringify(String(item.written)) : null),
    "Write the port in quotes",
  );
}

export function volumeQuotes(change: Change): Fix[] {
  return quotes(
    change,
    ["volumes"],
    (item) => (item.style === "plain" ? null : String(item.written)),
    "Remove the quotes",
  );
}

function quotes(
  { written, layout, key, service }: Change,
  fields: readonly string[],
  text: (item: Extract<ComposeNode, { kind: "scalar" }>) => string | null,
  title: string,
): Fix[] {
  const name = service?.name ?? "";
  for (const field of fields) {
    for (const item of itemsOf(at(written, field))) {
      if (item.kind !== "scalar" || item.place.path !== layout.path) continue;
      const shown = String(item.written).slice(0, 200);
      if (key !== `${name} ${field} ${shown}` && key !== `${name} ${shown}`) continue;
      const changed = text(item);
      if (changed !== null) return fixOf(title, "safe", [replace(item.place, changed)], item);
    }
  }
  return [];
}
