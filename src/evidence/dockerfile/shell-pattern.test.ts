import fc from "fast-check";
import { expect, test } from "vitest";
import { findMatch, matchAt, readPattern, reversed, type Pattern } from "./shell-pattern.ts";

const read = (text: string): Pattern => readPattern(text) ?? [];

test.each([
  ["*x", "axbxc", 2, 4],
  ["a*", "abc", 1, 3],
  ["a?c", "abc", 3, 3],
  ["*", "abc", 0, 3],
  ["", "abc", 0, 0],
  ["\\*", "*b", 1, 1],
  ["a*b*c", "aXbXcXbXc", 5, 9],
  ["b", "abc", -1, -1],
  ["a*z", "abc", -1, -1],
])("%s at the start of %s", (pattern, text, shortest, longest) => {
  expect(matchAt(text, 0, read(pattern), false)).toBe(shortest);
  expect(matchAt(text, 0, read(pattern), true)).toBe(longest);
});

test("an escape of something else is none", () => {
  expect(readPattern("\\x")).toBeNull();
  expect(readPattern("a\\")).toBeNull();
  expect(readPattern("\\}\\/\\\\\\?")).toEqual([["}", "/", "\\", "?"]]);
});

test("the first match is as long as it can be", () => {
  expect(findMatch("xaabab", 0, read("a*b"))).toEqual({ start: 1, end: 6 });
  expect(findMatch("xab", 0, read("c*"))).toBeNull();
  expect(findMatch("xab", 3, read(""))).toEqual({ start: 3, end: 3 });
});

test("finds what a regular expression finds", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });
  const patterns = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 6 });
  const source = (pattern: string, star: string): string =>
    pattern.replaceAll("?", ".").replaceAll("*", star);
  fc.assert(
    fc.property(letters, patterns, (text, pattern) => {
      for (const longest of [false, true]) {
        const found = new RegExp(`^${source(pattern, longest ? ".*" : ".*?")}`).exec(text);
        expect(matchAt(text, 0, read(pattern), longest)).toBe(found === null ? -1 : found[0].length);
      }
      const first = new RegExp(source(pattern, ".*")).exec(text);
      expect(findMatch(text, 0, read(pattern))?.start).toBe(first?.index);
      expect(reversed(reversed(read(pattern)))).toEqual(read(pattern));
    }),
  );
});

test("stars on end cost no more than a look at the text", () => {
  const began = performance.now();
  expect(matchAt("a".repeat(50_000), 0, read(`${"*a".repeat(50)}b`), true)).toBe(-1);
  expect(performance.now() - began).toBeLessThan(2000);
});
