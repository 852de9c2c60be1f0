import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flag, isoTime, list, number, object, text, textMap, texts } from "./json.ts";

describe("reads from JSON of unknown shape", () => {
  it("gives the value where the type fits", () => {
    expect([object({ a: 1 }), list([1]), text("a"), number(1.5), flag(true), texts(["a", 1])]).toEqual([
      { a: 1 },
      [1],
      "a",
      1.5,
      true,
      ["a"],
    ]);
    expect(textMap({ a: "x", b: 1 })).toEqual({ a: "x" });
  });

  it("gives the empty value for anything else, and never throws", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(Array.isArray(object(value))).toBe(false);
        expect(Array.isArray(list(value))).toBe(true);
        expect(typeof text(value)).toBe("string");
        expect(Number.isFinite(number(value))).toBe(true);
        expect(typeof flag(value)).toBe("boolean");
        expect(Object.values(textMap(value)).every((item) => typeof item === "string")).toBe(true);
      }),
    );
  });
});

describe("isoTime", () => {
  it("turns seconds into ISO time", () => {
    expect(isoTime(1767225600)).toBe("2026-01-01T00:00:00.000Z");
  });

  it("is empty for what is no time", () => {
    expect(isoTime(1e300)).toBe("");
    expect(isoTime("soon")).toBe("");
    expect(isoTime(undefined)).toBe("");
  });
});
