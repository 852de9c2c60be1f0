import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonText } from "./json-text.ts";

describe("jsonText", () => {
  it("escapes the controls that JSON.stringify leaves, and ends with a newline", () => {
    expect(jsonText({ a: "\u009b31m\u007f\u001b" })).toBe('{\n  "a": "\\u009b31m\\u007f\\u001b"\n}\n');
  });

  it("gives any value back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, text) => {
        expect(JSON.parse(jsonText({ value, text }))).toEqual(JSON.parse(JSON.stringify({ value, text })));
      }),
    );
  });
});
