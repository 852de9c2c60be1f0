/**
 * A shell pattern of the builder: `*` and `?` and no brackets (moby/buildkit, shell/lex.go,
 * convertShellPatternToRegex). Between stars stand pieces, each a list of characters with null for `?`. Matching
 * looks for one piece after the other, so that no pattern takes more time than its length times that of the text.
 */
export type Pattern = readonly (readonly (string | null)[])[];

/** Reads a pattern; null if an escape is none that the builder knows. */
export function readPattern(text: string): Pattern | null {
  const pieces: (string | null)[][] = [[]];
  for (let at = 0; at < text.length; at += 1) {
    let character: string | null = text[at] as string;
    if (character === "*") {
      pieces.push([]);
      continue;
    }
    if (character === "?") character = null;
    else if (character === "\\") {
      const next = text[at + 1] ?? "";
      if (next === "" || !"*?\\}/".includes(next)) return null;
      character = next;
      at += 1;
    }
    pieces.at(-1)?.push(character);
  }
  return pieces;
}

/** The same pattern read from its end. */
export function reversed(pattern: Pattern): Pattern {
  return pattern.toReversed().map((piece) => piece.toReversed());
}

/** Where the shortest or longest match that begins at `from` ends; -1 without one. */
export function matchAt(text: string, from: number, pattern: Pattern, longest: boolean): number {
  const [first = [], ...others] = pattern;
  if (!isAt(text, from, first)) return -1;
  let at = from + first.length;
  for (const [index, piece] of others.entries()) {
    const last = index === others.length - 1;
    at = last && longest ? findLast(text, at, piece) : findFirst(text, at, piece);
    if (at === -1) return -1;
    at += piece.length;
  }
  return at;
}

/** The first match in a text, as long as it can be. */
export function findMatch(
  text: string,
  from: number,
  pattern: Pattern,
): { start: number; end: number } | null {
  const [first = []] = pattern;
  for (let start = from; start + first.length <= text.length; start += 1) {
    if (!isAt(text, start, first)) continue;
    const end = matchAt(text, start, pattern, true);
    if (end !== -1) return { start, end };
    // Pieces that do not follow here do not follow further on.
    return null;
  }
  return null;
}

function isAt(text: string, at: number, piece: readonly (string | null)[]): boolean {
  if (at + piece.length > text.length) return false;
  return piece.every((character, index) => character === null || character === text[at + index]);
}

function findFirst(text: string, from: number, piece: readonly (string | null)[]): number {
  for (let at = from; at + piece.length <= text.length; at += 1) if (isAt(text, at, piece)) return at;
  return -1;
}

function findLast(text: string, from: number, piece: readonly (string | null)[]): number {
  for (let at = text.length - piece.length; at >= from; at -= 1) if (isAt(text, at, piece)) return at;
  return -1;
}
