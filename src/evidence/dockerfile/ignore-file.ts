import { posix } from "node:path";
import { compilePattern, type PathTest } from "./ignore-pattern.ts";

const MOST_PATTERNS = 10_000;
const LONGEST = 4096;

/**
 * Patterns of a `.dockerignore` as the builder keeps them (moby/patternmatcher, ignorefile.ReadAll): tidied, without
 * a slash in front, `!` before those that take something back. Lines that begin with `#` are comments.
 */
export function readIgnoreFile(text: string): string[] {
  const patterns: string[] = [];
  for (const line of text.replace(/^\uFEFF/, "").split("\n")) {
    if (line.startsWith("#") || patterns.length >= MOST_PATTERNS) continue;
    const written = line.trim();
    if (written === "" || written.length > LONGEST) continue;
    const negated = written.startsWith("!");
    const pattern = tidied((negated ? written.slice(1) : written).trim());
    patterns.push(negated ? `!${pattern}` : pattern);
  }
  return patterns;
}

function tidied(pattern: string): string {
  if (pattern === "") return "";
  const clean = cleanPath(pattern);
  return clean.length > 1 && clean.startsWith("/") ? clean.slice(1) : clean;
}

/** A path without `.`, `..` and doubled or trailing slashes (Go, path.Clean). */
export function cleanPath(path: string): string {
  const clean = posix.normalize(path);
  return clean.length > 1 && clean.endsWith("/") ? clean.slice(0, -1) : clean;
}

/**
 * Tells whether patterns leave a path out (moby/patternmatcher, MatchesOrParentMatches): what lies in a folder that
 * is left out is left out too, and the last pattern that matches decides.
 *
 * @param patterns as {@link readIgnoreFile} gives them; those that are none match nothing
 * @returns takes paths relative to the context; the context itself is never left out
 */
export function ignoreMatcher(patterns: readonly string[]): PathTest {
  const compiled = patterns.flatMap((pattern) => {
    const negated = pattern.startsWith("!");
    const test = compilePattern(negated ? pattern.slice(1) : pattern);
    return test === null ? [] : [{ negated, test }];
  });
  return (path) => {
    const clean = contextPath(path);
    if (clean === ".") return false;
    let ignored = false;
    for (const { negated, test } of compiled) if (negated === ignored && test(clean)) ignored = !negated;
    return ignored;
  };
}

/** A path as one within the context: `/a`, `./a/` and `../a` are `a`, as in COPY; `.` is the context. */
export function contextPath(path: string): string {
  const clean = cleanPath(`/${path}`);
  return clean === "/" ? "." : clean.slice(1);
}
