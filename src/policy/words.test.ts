import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { didYouMean, nearest, printable } from "./words.ts";

describe("nearest", () => {
  const names = ["SW-CTR-PID-HOST", "SW-CTR-IPC-HOST", "cis-docker-1.8:5.16", "DL3008", "severity", "low"];

  it.each([
    ["SW-CTR-PIDHOST", "SW-CTR-PID-HOST"],
    ["SW-CTR-PDI-HOST", "SW-CTR-PID-HOST"],
    ["sw-ctr-ipc-host", "SW-CTR-IPC-HOST"],
    ["5.16", "cis-docker-1.8:5.16"],
    ["dl3008", "DL3008"],
    ["severty", "severity"],
    ["lwo", "low"],
    ["colour", undefined],
    ["x", undefined],
    ["", undefined],
  ])("%j is %s", (text, expected) => {
    expect(nearest(text, names)).toBe(expected);
  });

  it("finds a name with one slip in it", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, maxLength: 30 }), fc.nat(), fc.string(), (name, at, letter) => {
        const place = at % name.length;
        const slip = name.slice(0, place) + letter.slice(0, 1) + name.slice(place + 1);
        expect(nearest(slip, [name])).toBe(name);
      }),
    );
  });

  it("becomes the end of a sentence", () => {
    expect(didYouMean("low")).toBe("; did you mean low?");
    expect(didYouMean(undefined)).toBe("");
  });
});

describe("printable", () => {
  it("leaves plain text alone", () => {
    expect(printable("größer 😀")).toBe("größer 😀");
  });

  it("shows what a terminal would obey, and cuts what is long", () => {
    expect(printable("\u001b[2J\u202ex\n")).toBe("\\u{1b}[2J\\u{202e}x\\u{a}");
    expect(printable("a".repeat(81))).toBe(`${"a".repeat(80)}…`);
  });

  it("keeps any text on one line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
