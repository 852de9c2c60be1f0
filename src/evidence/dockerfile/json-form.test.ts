import fc from "fast-check";
import { expect, test } from "vitest";
import { isArrayOfOthers, readJsonForm } from "./json-form.ts";
import { joinedOf } from "./testing.ts";

const values = (text: string): string[] | null =>
  readJsonForm(joinedOf(text))?.map(({ value }) => value) ?? null;

test.each([
  ['["npm", "run start"]', ["npm", "run start"]],
  ['  [ "a" ,"b" ]  ', ["a", "b"]],
  ['["\\u0041\\"\\\\", "\\n]"]', ['A"\\', "\n]"]],
  ["[]", []],
  ['["a"', null],
  ["['a']", null],
  ['["a"] # c', null],
  ['["a", 1]', null],
  ['[["a"]]', null],
  ['"a"', null],
  ["[a]", null],
  ["", null],
])("%s", (text, expected) => {
  expect(values(text)).toEqual(expected);
});

test("elements know their place", () => {
  const text = '[ "a\\"b", "" ]';
  const words = readJsonForm(joinedOf(text)) ?? [];
  expect(words.map(({ range }) => text.slice(range.start, range.end))).toEqual(['"a\\"b"', '""']);
  expect(words.map(({ raw }) => raw)).toEqual(['"a\\"b"', '""']);
});

test("an array of other things is told from shell code", () => {
  expect(['["a", 1]', '[["a"]]', "[null]"].every(isArrayOfOthers)).toBe(true);
  expect(['["a"]', "[ -f x ]", "[", "1", "[]"].some(isArrayOfOthers)).toBe(false);
});

test("whatever JSON writes is read back", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (words) => {
      expect(values(JSON.stringify(words))).toEqual(words);
    }),
  );
});
