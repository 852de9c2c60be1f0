/** Something in a pattern that stands for part of a path. */
type Token =
  | { kind: "text"; text: string }
  /** `?`: one character that is no slash. */
  | { kind: "any" }
  /** `*`: any that are no slash. */
  | { kind: "some" }
  /** `**` before more: nothing, or anything that ends with a slash. */
  | { kind: "folders" }
  /** `**` at the end: anything. */
  | { kind: "all" }
  /** `[a-z]`, `[^a-z]`. */
  | { kind: "class"; not: boolean; ranges: readonly (readonly [string, string])[] };

/** A compiled pattern: whether a path, or a folder that it lies in, matches. */
export type PathTest = (path: string) => boolean;

const LONGEST_PATH = 4096;

/**
 * Compiles a pattern of `.dockerignore` (moby/patternmatcher, compile: Go's filepath.Match with `**`). All ways
 * through the pattern are followed at once, so no pattern takes longer than its length times that of the path.
 *
 * @returns null where the pattern is none: `[`, a trailing backslash
 */
export function compilePattern(pattern: string): PathTest | null {
  if (pattern === "**") return () => true;
  if (!/[*?[\]\\]/.test(pattern)) return (path) => path === pattern || path.startsWith(`${pattern}/`);
  const tokens = tokensOf(pattern);
  if (tokens === null) return null;
  // `**name` at the start matches whatever ends with it; further on `**` reaches over whole folders.
  const loose = /^\*\*(?!\/|$)[^*?[\]\\]+$/.test(pattern) ? pattern.slice(2) : null;
  return (path) => {
    if (path.length > LONGEST_PATH) return false;
    if (loose !== null) return endsFolder(path, loose);
    return matches(tokens, path);
  };
}

function endsFolder(path: string, suffix: string): boolean {
  for (let at = path.indexOf(suffix); at !== -1; at = path.indexOf(suffix, at + 1)) {
    const end = at + suffix.length;
    if (end === path.length || path[end] === "/") return true;
  }
  return false;
}

function tokensOf(pattern: string): Token[] | null {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length;) {
    const character = pattern[at] as string;
    if (character === "*" && pattern[at + 1] === "*") {
      at += 2;
      if (pattern[at] === "/") at += 1;
      const kind = at >= pattern.length ? "all" : "folders";
      if (tokens.at(-1)?.kind !== kind) tokens.push({ kind });
    } else if (character === "*") {
      tokens.push({ kind: "some" });
      at += 1;
    } else if (character === "?") {
      tokens.push({ kind: "any" });
      at += 1;
    } else if (character === "[") {
      const found = classAt(pattern, at);
      if (found === null) return null;
      tokens.push(found.token);
      at = found.end;
    } else {
      const text = character === "\\" ? pattern[at + 1] : character;
      if (text === undefined) return null;
      tokens.push({ kind: "text", text });
      at += character === "\\" ? 2 : 1;
    }
  }
  return tokens;
}

function classAt(pattern: string, from: number): { token: Token; end: number } | null {
  let at = from + 1;
  const not = pattern[at] === "^";
  if (not) at += 1;
  const ranges: [string, string][] = [];
  while (at < pattern.length && !(pattern[at] === "]" && ranges.length > 0)) {
    const low = classCharacter(pattern, at);
    if (low === null) return null;
    at = low.end;
    let high = low;
    if (pattern[at] === "-") {
      const last = classCharacter(pattern, at + 1);
      if (last === null) return null;
      high = last;
      at = last.end;
    }
    ranges.push([low.character, high.character]);
  }
  return at < pattern.length ? { token: { kind: "class", not, ranges }, end: at + 1 } : null;
}

function classCharacter(pattern: string, at: number): { character: string; end: number } | null {
  const first = pattern[at];
  if (first === undefined || first === "-" || first === "]") return null;
  if (first !== "\\") return { character: first, end: at + 1 };
  const next = pattern[at + 1];
  return next === undefined ? null : { character: next, end: at + 2 };
}

/** Whether the tokens match a path, or what lies before one of its slashes. */
function matches(tokens: readonly Token[], path: string): boolean {
  let places = new Set<number>();
  reach(tokens, 0, places);
  for (let at = 0; at < path.length; at += 1) {
    const character = path[at] as string;
    if (character === "/" && at > 0 && places.has(tokens.length)) return true;
    const next = new Set<number>();
    for (const place of places) step(tokens, place, character, next);
    if (next.size === 0) return false;
    places = next;
  }
  return places.has(tokens.length);
}

/** Adds a place, and those behind tokens that may stand for nothing, of which no more than three follow each other. */
function reach(tokens: readonly Token[], place: number, places: Set<number>): void {
  for (let at = place; ; at += 1) {
    places.add(at);
    const kind = tokens[at]?.kind;
    if (kind !== "some" && kind !== "all" && kind !== "folders") return;
  }
}

/** Places that one character leads to. Within `folders` a place is kept until a slash. */
function step(tokens: readonly Token[], place: number, character: string, next: Set<number>): void {
  const token = tokens[place];
  switch (token?.kind) {
    case "text":
      if (token.text === character) reach(tokens, place + 1, next);
      break;
    case "any":
      if (character !== "/") reach(tokens, place + 1, next);
      break;
    case "class":
      if (token.ranges.some(([low, high]) => character >= low && character <= high) !== token.not) {
        reach(tokens, place + 1, next);
      }
      break;
    case "some":
      if (character !== "/") reach(tokens, place, next);
      break;
    case "all":
      reach(tokens, place, next);
      break;
    case "folders":
      next.add(place);
      if (character === "/") reach(tokens, place + 1, next);
      break;
    default:
  }
}
