import { expect, test } from "vitest";
import { isBlank, isSpace, skipSpaces, trimmedEnd } from "./chars.ts";

test("white space is Go's: no byte order mark, but the next-line control", () => {
  const white = ["\t", "\n", "\v", "\f", "\r", " ", "\u0085", "\u00A0", "\u2003", "\u3000"];
  expect(white.every((character) => isSpace(character.charCodeAt(0)))).toBe(true);
  expect(["a", "\u200B", "\uFEFF", "\u0000", "é"].some((character) => isSpace(character.charCodeAt(0)))).toBe(
    false,
  );
});

test("blanks part words, other white space does not", () => {
  expect([..."\t\v\f\r "].every((character) => isBlank(character.charCodeAt(0)))).toBe(true);
  expect(["\n", "\u00A0", "a"].some((character) => isBlank(character.charCodeAt(0)))).toBe(false);
});

test("skips white space from both ends", () => {
  expect(skipSpaces(" \ta ", 0)).toBe(2);
  expect(skipSpaces("   ", 0, 2)).toBe(2);
  expect(trimmedEnd("a \n", 0)).toBe(1);
  expect(trimmedEnd("   ", 1)).toBe(1);
});
