import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { characters, displayWidth, padEnd, padStart } from "./width.ts";

describe("displayWidth", () => {
  it.each([
    ["web", 3],
    ["", 0],
    ["café", 4],
    ["cafe\u0301", 4],
    ["データ", 6],
    ["ﾃﾞｰﾀ", 4],
    ["데이터", 6],
    ["\u1112\u1161\u11ab", 2],
    ["｡", 1],
    ["Ａ", 2],
    ["🐳", 2],
    ["👍🏽", 2],
    ["👨‍👩‍👧", 2],
    ["❤️", 2],
    ["☃", 1],
    ["1️⃣", 2],
    ["🇩🇪", 2],
    ["✓✗", 2],
    ["שלום", 4],
  ])("%j fills %i columns", (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  it("takes the short way for simple signs only, which are as wide beside any other", () => {
    // Behind a sign that takes the long way.
    const long = "\u30c7";
    const signs = Array.from({ length: 0x3000 - 0x20 }, (_, at) => String.fromCharCode(0x20 + at));
    const differing = signs.filter(
      (sign) => displayWidth(`a${sign}b`) - 2 !== displayWidth(`${long}a${sign}b`) - 4,
    );
    expect(differing).toEqual([]);
  });

  it("counts a character once, wherever a text is cut between characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const parts = characters(text);
        expect(parts.join("")).toBe(text);
        expect(parts.reduce((sum, part) => sum + displayWidth(part), 0)).toBe(displayWidth(text));
      }),
    );
  });
});

it("takes a heap of spacing marks apart, so that it can be broken", () => {
  expect(characters(`a${"\u0903".repeat(50)}`)).toHaveLength(51);
});

it("pads to columns, not to letters", () => {
  expect(padEnd("データ", 8)).toBe("データ  ");
  expect(padStart("データ", 8)).toBe("  データ");
  expect(padEnd("longer", 3)).toBe("longer");
});
