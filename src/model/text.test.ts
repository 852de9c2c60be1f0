import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineStarts, placeAt } from "./text.ts";

describe("placeAt", () => {
  it("counts lines and columns from 1", () => {
    const starts = lineStarts("ab\ncd\r\n\ne");
    expect(placeAt(starts, 0)).toEqual({ line: 1, column: 1 });
    expect(placeAt(starts, 3)).toEqual({ line: 2, column: 1 });
    expect(placeAt(starts, 7)).toEqual({ line: 3, column: 1 });
    expect(placeAt(starts, 9)).toEqual({ line: 4, column: 2 });
  });

  it("finds every offset in the line that holds it", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "\n", "\r\n", "é", "🚢")), fc.nat(), (parts, pick) => {
        const text = parts.join("");
        const offset = pick % (text.length + 1);
        const { line, column } = placeAt(lineStarts(text), offset);
        const before = text.slice(0, offset).split("\n");
        expect([line, column]).toEqual([before.length, (before.at(-1) ?? "").length + 1]);
      }),
    );
  });
});
