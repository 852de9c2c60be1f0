import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinedOf } from "./testing.ts";
import { splitArgs, splitBlanks, splitPairs, splitWords, unquote } from "./words.ts";

describe("words", () => {
  test.each([
    ["a  b\tc", ["a", "b", "c"]],
    ["'a b' c", ["'a b'", "c"]],
    ['"a \\" b" c', ['"a \\" b"', "c"]],
    ["a\\ b c", ["a\\ b", "c"]],
    ["'a\\' b", ["'a\\'", "b"]],
    ["a'b c'd e", ["a'b c'd", "e"]],
    ["'open a b", ["'open a b"]],
    ["a \\", ["a", "\\"]],
    ["  ", []],
    ["a\u00A0b", ["a", "b"]],
  ])("%j", (text, expected) => {
    expect(splitWords(joinedOf(text), "\\").map(({ raw }) => raw)).toEqual(expected);
  });

  test("know how they were quoted as a whole", () => {
    const quotes = splitWords(joinedOf(`'a' "b" c 'd'e "f\\"" '`), "\\").map(({ quote }) => quote);
    expect(quotes).toEqual(["'", '"', null, null, '"', null]);
  });

  test("the other escape character leaves backslashes alone", () => {
    expect(splitWords(joinedOf("C:\\a` b \\ c"), "`").map(({ value }) => value)).toEqual([
      "C:\\a b",
      "\\",
      "c",
    ]);
  });
});

test.each([
  ["a'b c'd", "ab cd"],
  ['"a\\"b\\$c\\\\d\\e"', 'a"b$c\\d\\e'],
  ["'a\\b'", "a\\b"],
  ["a\\b\\ c", "ab c"],
  ["a\\", "a"],
  ['"open', "open"],
  ["$X", "$X"],
])("quotes of %j are taken off", (raw, expected) => {
  expect(unquote(raw, "\\")).toBe(expected);
});

test("blanks part words within quotes where the builder knows none", () => {
  const words = splitBlanks(joinedOf('"a b" c\u00A0d\te'), "\\");
  expect(words.map(({ raw }) => raw)).toEqual(['"a', 'b"', "c\u00A0d", "e"]);
});

describe("pairs", () => {
  const pairsOf = (text: string): (string | null)[][] =>
    splitPairs(joinedOf(text), "\\").pairs.map(({ name, value }) => [name.value, value?.value ?? null]);

  test.each([
    [
      "A=1 B='x y' C=",
      [
        ["A", "1"],
        ["B", "x y"],
        ["C", ""],
      ],
    ],
    [
      "A=1 B",
      [
        ["A", "1"],
        ["B", null],
      ],
    ],
    ['"A"=1', [["A", "1"]]],
    ["A=B=C", [["A", "B=C"]]],
    ["=x", [["", "x"]]],
    // The old form: everything behind the first blank.
    ["A b=c  d", [["A", "b=c  d"]]],
    ["A \"b\" 'c'", [["A", "b c"]]],
    ["A", [["A", null]]],
    ["", []],
  ])("%j", (text, expected) => {
    expect(pairsOf(text)).toEqual(expected);
  });

  test("the old form is told", () => {
    expect(splitPairs(joinedOf("A b"), "\\").legacy).toBe(true);
    expect(splitPairs(joinedOf("A=b"), "\\").legacy).toBe(false);
    expect(splitPairs(joinedOf("'A B' c=d"), "\\").legacy).toBe(true);
  });

  test("those of ARG need no value", () => {
    const pairs = splitArgs(joinedOf("A B=1 C='x y'"), "\\");
    expect(pairs.map(({ name, value }) => [name.value, value?.value ?? null])).toEqual([
      ["A", null],
      ["B", "1"],
      ["C", "x y"],
    ]);
  });
});

test("every word is a stretch of the text, in order, and nothing but white space lies between", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab \t'\"\\=$`\u00A0") });
  fc.assert(
    fc.property(text, fc.constantFrom("\\", "`"), (source, escape) => {
      let end = 0;
      for (const { raw, range } of splitWords(joinedOf(source), escape)) {
        expect(source.slice(end, range.start).trim()).toBe("");
        expect(source.slice(range.start, range.end)).toBe(raw);
        end = range.end;
      }
      expect(source.slice(end).trim()).toBe("");
    }),
  );
});
