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
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline + 1;
    const recipe = text.charAt(start) === "\t" || (just && text.charAt(start) === " ");
    if (continued || recipe) {
      let from = start;
      if (recipe) from += 1;
      while (from < end && /[ \t]/.test(text.charAt(from))) from += 1;
      if (!continued) while (from < end && /[@+\-\t ]/.test(text.charAt(from))) from += 1;
      pushLine(text, { start: from, end }, just, pieces);
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

function pushLine(
  text: string,
  { start, end }: { start: number; end: number },
  just: boolean,
  pieces: Piece[],
): void {
  // of this line alone: a search in the whole text would begin anew at every line
  const line = text.slice(start, end);
  let from = 0;
  const push = (to: number): void => {
    pieces.push({ start: start + from, end: start + to });
  };
  const mark = just ? "{{" : "$";
  for (let at = line.indexOf(mark); at !== -1; at = line.indexOf(mark, at + 1)) {
    if (just) {
      const close = line.indexOf("}}", at);
      if (close === -1) break;
      push(at);
      pieces.push(variable(start + at, start + close + 2));
      from = close + 2;
      at = close + 1;
      continue;
    }
    const next = line.charAt(at + 1);
    if (next === "$") {
      push(at);
      from = at + 1;
      at += 1;
    } else if (AUTOMATIC.test(next)) {
      push(at);
      pieces.push({ start: start + at, end: start + at + 2, text: "$_" });
      from = at + 2;
    }
  }
  push(line.length);
}

/** Something to be filled in, in the shell's own spelling and of the same length. */
export function variable(start: number, end: number): Piece {
  return { start, end, text: `\${${"_".repeat(Math.max(0, end - start - 3))}}` };
}
