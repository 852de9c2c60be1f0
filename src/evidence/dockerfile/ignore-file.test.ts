import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contextPath, ignoreMatcher, readIgnoreFile } from "./ignore-file.ts";
import { compilePattern } from "./ignore-pattern.ts";

test("an ignore file has comments, blanks, slashes and a byte order mark", () => {
  expect(readIgnoreFile("\uFEFF# note\n\n  /a/b/ \r\n./c\n!  /d\n ! e/../f\n #g\na//b\n/\n.\n!\n")).toEqual([
    "a/b",
    "c",
    "!d",
    "!f",
    "#g",
    "a/b",
    "/",
    ".",
    "!",
  ]);
});

describe("a pattern", () => {
  test.each([
    // Whole paths, and what lies in folders.
    ["a", "a", true],
    ["a", "a/b/c", true],
    ["a", "ab", false],
    ["a", "b/a", false],
    ["a/b", "a/b/c", true],
    ["a/b", "a", false],
    // One star keeps within a folder, two do not.
    ["*", "a/b", true],
    ["*.txt", "a.txt", true],
    ["*.txt", "a/b.txt", false],
    ["a/*", "a", false],
    ["a/*", "a/b/c", true],
    ["*/b", "a/b", true],
    ["*/b", "b", false],
    ["**", "a/b/c", true],
    ["**/b", "b", true],
    ["**/b", "a/a/b/c", true],
    ["**/b", "ab", false],
    ["**b", "ab", true],
    ["**b", "a/xb/c", true],
    ["**b", "abc", false],
    ["**/*.go", "a.go", true],
    ["**/*.go", "a/b/c.go", true],
    ["a/**", "a", false],
    ["a/**", "a/b/c", true],
    ["a**", "abc/d", true],
    ["a/**/d", "a/d", true],
    ["a/**/d", "a/b/c/d", true],
    ["a/**/d", "a/bd", false],
    ["a**/*.txt", "a/b/c.txt", true],
    ["**/**/*.txt", "c.txt", true],
    ["**/b/**", "a/b/c/d", true],
    ["**/b/**", "a/b", false],
    // Single characters and classes.
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["a?c", "ac", false],
    ["a[b-d]e", "ace", true],
    ["a[^b-d]e", "ace", false],
    ["a[^b-d]e", "aze", true],
    ["[\\]a]", "]", true],
    ["[x\\-]", "-", true],
    ["a\\*b", "a*b", true],
    ["a\\*b", "axb", false],
    // Nothing else is special.
    [".*", ".git/x", true],
    [".*", "git", false],
    ["a.c", "abc", false],
    ["a(b)|{c}+$^", "a(b)|{c}+$^", true],
    ["a]", "a]", true],
  ])("%s and %s: %s", (pattern, path, expected) => {
    expect(ignoreMatcher([pattern])(path)).toBe(expected);
  });

  test.each(["[", "[]a]", "[-]", "[x-]", "[a-", "a\\", "[^"])("%s is none", (pattern) => {
    expect(compilePattern(pattern)).toBeNull();
    expect(ignoreMatcher([pattern, "b"])("b")).toBe(true);
  });
});

describe("several patterns", () => {
  test.each([
    [["docs", "!docs/README.md"], "docs/README.md", false],
    [["docs", "!docs/README.md"], "docs/other", true],
    [["!docs", "docs"], "docs", true],
    [["**", "!app"], "app/x", false],
    [["**", "!app", "app/x"], "app/x", true],
    [["*.md", "!a.md", "*.md"], "a.md", true],
    [[], "a", false],
  ])("%j and %s: %s", (patterns, path, expected) => {
    expect(ignoreMatcher(patterns)(path)).toBe(expected);
  });
});

test("paths are those of the context, which is never left out itself", () => {
  const ignores = ignoreMatcher(["a", "**"]);
  expect(["./a", "/a/", "../a"].map(contextPath)).toEqual(["a", "a", "a"]);
  expect([".", "/", "", "./"].map(ignores)).toEqual([false, false, false, false]);
});

/** The regular expression that moby/patternmatcher would make, for patterns of letters, `/`, `*` and `?`. */
function expression(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/\*\*\/?$/g, "\u0001")
    .replaceAll(/\*\*\/?/g, "\u0002")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]")
    .replaceAll("\u0001", ".*")
    .replaceAll("\u0002", "(.*/)?");
  return new RegExp(`^${source}$`);
}

test("agrees with the expression of the original", () => {
  const paths = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 8 }).map(contextPath);
  const patterns = fc
    .string({ unit: fc.constantFrom("a", "b", "/", "*", "?"), minLength: 1, maxLength: 8 })
    .map((text) => readIgnoreFile(text)[0] ?? "a")
    .filter((pattern) => !/^\*\*[^/]/.test(pattern) && !pattern.startsWith("/"));
  fc.assert(
    fc.property(patterns, paths, (pattern, path) => {
      const parts = path.split("/");
      const expected =
        path !== "." &&
        parts.some((_, index) => expression(pattern).test(parts.slice(0, index + 1).join("/")));
      expect(ignoreMatcher([pattern])(path)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test("no text throws, and none takes long", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, path) => {
      expect(typeof ignoreMatcher(readIgnoreFile(text))(path)).toBe("boolean");
    }),
  );
  const began = performance.now();
  ignoreMatcher(["**/*a".repeat(400), "*?".repeat(400), `${"a*".repeat(500)}b`])("a/".repeat(2000));
  expect(performance.now() - began).toBeLessThan(5000);
});
