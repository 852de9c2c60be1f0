import fc from "fast-check";
import { expect, test } from "vitest";
import { dropStart, fileRange, joinPieces } from "./joined.ts";

test("one piece is a shift", () => {
  const joined = joinPieces("abcdef", [{ start: 2, end: 5 }]);
  expect(joined.text).toBe("cde");
  expect([0, 2, 3].map((offset) => joined.origin(offset))).toEqual([2, 4, 5]);
});

test("pieces are joined, and ranges reach over what lies between them", () => {
  const joined = joinPieces("ab\\\ncd\\\nef", [
    { start: 0, end: 2 },
    { start: 2, end: 2 },
    { start: 4, end: 6 },
    { start: 8, end: 10 },
  ]);
  expect(joined.text).toBe("abcdef");
  expect(fileRange(joined, 1, 3)).toEqual({ start: 1, end: 5 });
  // A range ends behind its last character, not before the next piece.
  expect(fileRange(joined, 0, 2)).toEqual({ start: 0, end: 2 });
  expect(fileRange(joined, 2, 2)).toEqual({ start: 4, end: 4 });
  expect(fileRange(dropStart(joined, 3), 0, 1)).toEqual({ start: 5, end: 6 });
  expect(dropStart(joined, 1, 3).text).toBe("bc");
});

test("nothing has a place as well", () => {
  expect(
    joinPieces("abc", [
      { start: 1, end: 1 },
      { start: 2, end: 2 },
    ]).origin(0),
  ).toBe(1);
  expect(joinPieces("abc", []).origin(0)).toBe(0);
});

test("every character knows where it came from, asked in any order", () => {
  const cuts = fc.uniqueArray(fc.nat({ max: 40 }), { maxLength: 12 });
  fc.assert(
    fc.property(
      fc.string({ minLength: 41, maxLength: 41, unit: "binary-ascii" }),
      cuts,
      fc.array(fc.nat()),
      (text, at, asked) => {
        const sorted = at.toSorted((a, b) => a - b);
        const pieces = sorted.flatMap((start, index) =>
          index % 2 === 0 ? [{ start, end: sorted[index + 1] ?? start }] : [],
        );
        const joined = joinPieces(text, pieces);
        for (const each of joined.text.length === 0 ? [] : asked) {
          const offset = each % joined.text.length;
          expect(text[joined.origin(offset)]).toBe(joined.text[offset]);
        }
      },
    ),
  );
});
