import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits } from "#model/text-edits.ts";
import { differences } from "./actions.ts";

const text = fc
  .array(fc.constantFrom("FROM a", "RUN b", "# c", "", "\r"), { maxLength: 12 })
  .chain((lines) => fc.constantFrom("\n", "\r\n").map((end) => lines.join(end)));

describe("differences of two texts", () => {
  it("make the second of the first", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(applyEdits(before, differences(before, after))).toBe(after);
      }),
    );
  });

  it("leave alone what stays", () => {
    expect(differences("a\nb\nc\nd\n", "a\nB\nc\nd\ne\n")).toEqual([
      { start: 2, end: 4, text: "B\n" },
      { start: 8, end: 8, text: "e\n" },
    ]);
    expect(differences("a\r\nb\r\n", "a\r\nb\r\n")).toEqual([]);
  });
});
