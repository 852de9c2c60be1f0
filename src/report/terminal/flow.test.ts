import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clip, flow, listThatFits, paintedWidth, spread } from "./flow.ts";
import { visible } from "./visible.ts";
import { displayWidth } from "./width.ts";

const mark = (text: string): string => `\u001b[1m${text}\u001b[22m`;

describe("flow", () => {
  it("counts the gap behind a word that fills no column", () => {
    expect(flow([{ text: `\u20d0 ${"x".repeat(9)}` }], 10)).toEqual([`\u20d0 ${"x".repeat(9)}`]);
    expect(flow([{ text: `\u20d0 ${"x".repeat(10)}` }], 10)).toEqual(["\u20d0", "x".repeat(10)]);
  });

  it("breaks at blanks, with another width for the first line", () => {
    expect(flow([{ text: "one two three four" }], 8, 10)).toEqual(["one two", "three four"]);
  });

  it("paints each piece by itself and keeps the gap between pieces", () => {
    const lines = flow([{ text: "value" }, { text: "(where it was)", paint: mark, gap: 2 }], 16);
    expect(lines).toEqual([`value  ${mark("(where it")}`, mark("was)")]);
  });

  it("breaks a word that is too long behind a separator", () => {
    expect(flow([{ text: "/var/lib/docker/containers" }], 18)).toEqual(["/var/lib/docker/", "containers"]);
    expect(flow([{ text: "0123456789abcdef" }], 10)).toEqual(["0123456789", "abcdef"]);
  });

  it("never breaks the words of a whole piece", () => {
    expect(flow([{ text: "the rule" }, { text: "SW-CTR-ENGINE-SOCKET", whole: true }], 10)).toEqual([
      "the rule",
      "SW-CTR-ENGINE-SOCKET",
    ]);
    expect(flow([{ text: "a b" }, { text: "3 not judged", whole: true }], 12)).toEqual([
      "a b",
      "3 not judged",
    ]);
  });

  it("breaks wide characters where they end", () => {
    expect(flow([{ text: "データベース" }], 5)).toEqual(["デー", "タベ", "ース"]);
  });

  it("fills no line beyond its width, loses no character and leaves no blanks at ends", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 60 }).map(visible), { maxLength: 4 }),
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 2, max: 40 }),
        (texts, first, rest) => {
          const lines = flow(
            texts.map((text) => ({ text, paint: mark })),
            first,
            rest,
          );
          for (const [at, line] of lines.entries()) {
            expect(paintedWidth(line)).toBeLessThanOrEqual(at === 0 ? first : rest);
            expect(line).toBe(line.trimEnd());
          }
          const letters = (text: string): string => stripVTControlCharacters(text).replace(/\s/gu, "");
          expect(letters(lines.join(""))).toBe(letters(texts.join("")));
        },
      ),
    );
  });
});

it("spreads two texts over a line, if both fit", () => {
  expect(spread("left", "right", 12)).toBe("left   right");
  expect(spread("left", "right", 10)).toBeNull();
  expect(spread("left", "", 4)).toBe("left");
});

describe("listThatFits", () => {
  it("names as many as fit and counts the others", () => {
    expect(listThatFits(["web", "db", "cache", "mail"], 18)).toBe("web, db and 2 more");
    expect(listThatFits(["web", "db", "cache", "mail"], 80)).toBe("web, db, cache, mail");
    expect(listThatFits(["web", "db", "cache", "mail"], 80, 2)).toBe("web, db and 2 more");
    expect(listThatFits(["a-very-long-name", "db"], 5)).toBe("a-very-long-name and 1 more");
    expect(listThatFits([], 5)).toBe("");
  });
});

it("clips to a width, with a sign", () => {
  expect(clip("short", 5)).toBe("short");
  expect(clip("データベース", 7)).toBe("データ…");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, width) => {
      expect(displayWidth(clip(text, width))).toBeLessThanOrEqual(width);
    }),
  );
});
