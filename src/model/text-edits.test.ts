import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits } from "./text-edits.ts";

describe("applyEdits", () => {
  it("splices in the order of the text, whatever the order of the edits", () => {
    const edits = [
      { start: 4, end: 5, text: "E" },
      { start: 1, end: 2, text: "" },
      { start: 5, end: 5, text: "!" },
    ];
    expect(applyEdits("abcdef", edits)).toBe("acdE!f");
  });

  it("refuses edits that overlap, end before they begin, or leave the text", () => {
    const overlap = [
      { start: 0, end: 3, text: "" },
      { start: 2, end: 4, text: "" },
    ];
    expect(() => applyEdits("abcdef", overlap)).toThrow(RangeError);
    expect(() => applyEdits("abc", [{ start: 2, end: 1, text: "" }])).toThrow(RangeError);
    expect(() => applyEdits("abc", [{ start: 2, end: 4, text: "" }])).toThrow(RangeError);
  });

  it("leaves what no edit covers as it is", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.nat(), fc.string(), (text, a, b, inserted) => {
        const [start, end] = [a % text.length, b % text.length].toSorted((x, y) => x - y) as [number, number];
        const after = applyEdits(text, [{ start, end, text: inserted }]);
        expect(after.slice(0, start)).toBe(text.slice(0, start));
        expect(after.slice(start + inserted.length)).toBe(text.slice(end));
      }),
    );
  });
});
