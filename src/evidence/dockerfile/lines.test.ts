import { expect, test } from "vitest";
import { lineAt, linesOf } from "./lines.ts";

function cut(text: string): string[] {
  const lines = linesOf(text);
  return Array.from({ length: lines.count }, (_, index) => {
    const { start, end } = lineAt(lines, index);
    return text.slice(start, end);
  });
}

test.each([
  ["", []],
  ["a", ["a"]],
  ["a\n", ["a"]],
  ["a\n\nb", ["a", "", "b"]],
  ["\n", [""]],
  ["a\r\nb\r\n", ["a", "b"]],
  ["a\r\r\nb\r", ["a", "b"]],
  ["a\rb\n", ["a\rb"]],
  ["\uFEFFa\n\uFEFFb", ["a", "\uFEFFb"]],
  ["\uFEFF", [""]],
])("%j", (text, expected) => {
  expect(cut(text)).toEqual(expected);
});

test("a line knows where the next one begins", () => {
  const lines = linesOf("a\r\nb");
  expect(lineAt(lines, 0)).toEqual({ start: 0, end: 1, next: 3 });
  expect(lineAt(lines, 1)).toEqual({ start: 3, end: 4, next: 4 });
  expect(lineAt(lines, 2)).toEqual({ start: 4, end: 4, next: 4 });
});
