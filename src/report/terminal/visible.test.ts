import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visible } from "./visible.ts";

const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

// Any code point, control characters and lone surrogates often.
const anyCharacter = fc
  .oneof(fc.nat(0xff), fc.integer({ min: 0x2000, max: 0x2fff }), fc.nat(0x10ffff))
  .map((code) => String.fromCodePoint(code));

describe("visible", () => {
  it.each([
    ["\u001b[31mred", "\\e[31mred"],
    ["a\nb\r\tc", "a\\nb\\r\\tc"],
    ["title\u0007", "title\\u{7}"],
    ["\u009b31m", "\\u{9b}31m"],
    ["admin\u202Etxt.exe", "admin\\u{202e}txt.exe"],
    ["\u2066isolate\u2069", "\\u{2066}isolate\\u{2069}"],
    ["zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}"],
    ["line\u2028separator", "line\\u{2028}separator"],
    ["half \ud83d", "half \\u{d83d}"],
    ["a\u200db", "a\\u{200d}b"],
    ["tag \u{e0041}", "tag \\u{e0041}"],
  ])("writes out %j", (raw, shown) => {
    expect(visible(raw)).toBe(shown);
  });

  it.each(["nginx:1.25", "データ", "cafe\u0301", "שלום", "👨‍👩‍👧", "❤️", "👍🏽"])("leaves %j as it is", (text) => {
    expect(visible(text)).toBe(text);
  });

  it("lets nothing through that a terminal would obey", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const shown = visible(text);
        expect(OBEYED.test(shown)).toBe(false);
        expect(visible(shown)).toBe(shown);
      }),
    );
  });
});
