import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interpolate } from "./interpolate.ts";

const lookup = (name: string): string | undefined => ({ A: "a", EMPTY: "", HOST: "h:1" })[name];

describe("interpolate", () => {
  it.each([
    ["plain", "plain"],
    ["$A-$A", "a-a"],
    ["${A}b", "ab"],
    ["${NONE}", ""],
    ["$NONE!", "!"],
    ["${NONE:-x}", "x"],
    ["${EMPTY:-x}", "x"],
    ["${EMPTY-x}", ""],
    ["${NONE-x}", "x"],
    ["${A:+yes}", "yes"],
    ["${EMPTY:+yes}", ""],
    ["${EMPTY+yes}", "yes"],
    ["${NONE+yes}", ""],
    ["${A:?why}", "a"],
    ["${NONE:?why}", ""],
    ["${NONE:-${A}}", "a"],
    ["${NONE:-${ALSO:-deep}}!", "deep!"],
    ["$$A", "$A"],
    ["$${A}", "${A}"],
    ["echo $(date)", "echo $(date)"],
    ["5$", "5$"],
    ["${NONE:-a b:c}", "a b:c"],
  ])("%s reads %s", (source, text) => {
    expect(interpolate(source, lookup).text).toBe(text);
  });

  it("tells what each variable became", () => {
    expect(interpolate("$A ${B:-x} $C", lookup).variables).toEqual([
      { name: "A", from: "environment" },
      { name: "B", from: "default" },
      { name: "C", from: "nothing" },
    ]);
  });

  it.each(["${A", "${}", "x ${1A} y", "${A/b/c}", "${A!}"])("finds fault with %s", (source) => {
    const { fault } = interpolate(source, lookup);
    expect(fault).not.toBeNull();
    expect(source.slice(fault?.start, fault?.end)).toContain("${");
  });

  it("takes a value from outside as it is", () => {
    expect(interpolate("$X", () => "$A ${B} $$").text).toBe("$A ${B} $$");
  });

  it("never throws, and says where the literal parts come from", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("$", "{", "}", "$$", "A", ":-", "?", "x", " ", "${A}")),
        (parts) => {
          const source = parts.join("");
          const { text, segments } = interpolate(source, lookup);
          for (const { at, from, length } of segments) {
            expect(text.slice(at, at + length)).toBe(source.slice(from, from + length));
          }
        },
      ),
    );
  });

  it("stays within bounds however deep and however long", () => {
    const deep = "${A:-".repeat(20_000) + "}".repeat(20_000);
    expect(interpolate(deep, () => undefined).text.length).toBeLessThan(deep.length);
    const wide = interpolate("$A".repeat(50_000), () => "x".repeat(10_000));
    expect(wide.text.length).toBeLessThan(2_000_000);
  });
});
