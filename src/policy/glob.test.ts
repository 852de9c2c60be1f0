import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isGlob, matchesGlob } from "./glob.ts";

// Few letters, so that patterns and texts meet often; one outside of the basic plane.
const letter = fc.constantFrom("a", "b", ".", "/", "😀");
const text = fc.array(letter, { maxLength: 12 }).map((letters) => letters.join(""));
const pattern = fc
  .array(fc.oneof(letter, fc.constantFrom("*", "?")), { maxLength: 10 })
  .map((parts) => parts.join(""));

/** What a glob means, written down without thought for speed. */
function means(pattern: readonly string[], text: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0;
  if (first === "*") return text.some((_, at) => means(rest, text.slice(at))) || means(rest, []);
  return text.length > 0 && (first === "?" || first === text[0]) && means(rest, text.slice(1));
}

describe("matchesGlob", () => {
  it.each([
    ["web", "web", true],
    ["web", "Web", false],
    ["web", "web-1", false],
    ["web-*", "web-", true],
    ["web-*", "web-1/x:y", true],
    ["*-1", "web-1-1", true],
    ["w?b", "web", true],
    ["w?b", "wb", false],
    ["?", "😀", true],
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["?", "", false],
    ["a.c", "abc", false],
    ["[a]", "a", false],
    ["SW-CTR-*", "SW-CTR-PID-HOST", true],
  ])("%j on %j is %s", (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it("agrees with the definition of a glob", () => {
    fc.assert(
      fc.property(pattern, text, (pattern, text) => {
        expect(matchesGlob(pattern, text)).toBe(means([...pattern], [...text]));
      }),
      { numRuns: 2000 },
    );
  });

  it("matches whatever its wildcards are filled with", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" })), {
          maxLength: 5,
        }),
        (parts) => {
          const pattern = parts.map(([literal]) => `${literal}*`).join("");
          expect(matchesGlob(pattern, parts.flat().join(""))).toBe(true);
        },
      ),
    );
  });

  it("answers any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (pattern, text) => {
        expect(typeof matchesGlob(pattern, text)).toBe("boolean");
      }),
    );
  });

  it("does not multiply its steps by the number of stars", () => {
    // 50 stars over 20 000 letters: a matcher that goes back to every star needs longer than the universe has.
    expect(matchesGlob(`${"*a".repeat(50)}b`, "a".repeat(20_000))).toBe(false);
  });
});

describe("isGlob", () => {
  it("tells patterns from names", () => {
    expect(isGlob("SW-CTR-*")).toBe(true);
    expect(isGlob("DL300?")).toBe(true);
    expect(isGlob("cis-docker-1.8:5.16")).toBe(false);
  });
});
