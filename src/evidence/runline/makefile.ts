import { type Piece, type Snippet, snippetOf } from "./snippet.ts";

/** Automatic variables that a shell would read as something else: `$<` as a redirection (GNU make, 10.5.3). */
const AUTOMATIC = /[<^+?|%*]/;

/**
 * The shell code in the recipes of a Makefile (GNU make manual, "Writing Recipes in Rules"): each logical line is one
 * script, without its prefixes `@`, `-`, `+`. `$$` becomes `$`; make's variables stay as they stand, and read as
 * something that only the run tells.
 *
 * @param just a justfile, whose recipes are indented by anything and whose variables stand in `{{…}}`
 */
export function makefileSnippets(text: string, just = false): Snippet[] {
  const snippets: Snippet[] = [];
  let pieces: Piece[] = [];
  let continued = false;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline + 1;
    const recipe = text.charAt(start) === "\t" || (just && text.charAt(start) === " ");
    if (continued || recipe) {
      let from = start;
      if (recipe) from += 1;
      while (from < end && /[ \t]/.test(text.charAt(from))) from += 1;
      if (!continued) while (from < end && /[@+\-\t ]/.test(text.charAt(from))) from += 1;
      pushLine(text, from, end, just, pieces);
      continued = endsInBackslash(text, end);
      if (!continued) {
        snippets.push(snippetOf(text, pieces));
        pieces = [];
      }
    }
    start = end;
  }
  if (pieces.length > 0) snippets.push(snippetOf(text, pieces));
  return snippets;
}

function endsInBackslash(text: string, end: number): boolean {
  let at = end - 1;
  if (text.charAt(at) === "\n") at -= 1;
  if (text.charAt(at) === "\r") at -= 1;
  let count = 0;
  while (text.charAt(at - count) === "\\") count += 1;
  return count % 2 === 1;
}

function pushLine(text: string, start: number, end: number, just: boolean, pieces: Piece[]): void {
  let from = start;
  const mark = just ? "{{" : "$";
  for (let at = text.indexOf(mark, start); at !== -1 && at < end; at = text.indexOf(mark, at + 1)) {
    if (just) {
      const close = text.indexOf("}}", at);
      if (close === -1 || close + 2 > end) break;
      pieces.push({ start: from, end: at }, variable(at, close + 2));
      from = close + 2;
      at = close + 1;
      continue;
    }
    const next = text.charAt(at + 1);
    if (next === "$") {
      pieces.push({ start: from, end: at });
      from = at + 1;
      at += 1;
    } else if (AUTOMATIC.test(next)) {
      pieces.push({ start: from, end: at }, { start: at, end: at + 2, text: "$_" });
      from = at + 2;
    }
  }
  pieces.push({ start: from, end });
}

/** Something to be filled in, in the shell's own spelling and of the same length. */
export function variable(start: number, end: number): Piece {
  return { start, end, text: `\${${"_".repeat(Math.max(0, end - start - 3))}}` };
}
