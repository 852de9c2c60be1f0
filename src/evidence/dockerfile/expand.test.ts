import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expand } from "./expand.ts";

const SET = new Map<string, string | null>([
  ["A", "one"],
  ["EMPTY", ""],
  ["P", "/usr/local/lib/x.tar.gz"],
  ["STAR", "\\*"],
  ["UNKNOWN", null],
]);
const text = (source: string, escape = "\\"): string => {
  const { text: result, error } = expand(source, SET, escape);
  return error === null ? result : `refused: ${error.message}`;
};

describe("variables", () => {
  test.each([
    ["$A-${A}", "one-one"],
    ["$AB$Nope.", "."],
    ["$A_B|${A}_B", "|one_B"],
    ["$1a $12 $@ $$ $#", "a    "],
    ["$ $. a$", "$ $. a$"],
    ["${A:-x} ${EMPTY:-x} ${EMPTY-x} ${NO:-x} ${NO-x}", "one x  x x"],
    ["${A:+x} ${EMPTY:+x} ${EMPTY+x} ${NO:+x} ${NO+x}", "x  x  "],
    ["${A:?x} ${A?x} ${EMPTY?x}", "one one "],
    ["${NO:-$A${A:+-$A}}", "one-one"],
    ["${NO:-a b}", "a b"],
    ["${NO:-'}'}", "}"],
    [
      "${P#*/} ${P##*/} ${P%.*} ${P%%.*}",
      "usr/local/lib/x.tar.gz x.tar.gz /usr/local/lib/x.tar /usr/local/lib/x",
    ],
    ["${P#nope} ${P%nope} ${NO#x}", "/usr/local/lib/x.tar.gz /usr/local/lib/x.tar.gz "],
    [
      "${P/l/L} ${P//l/L} ${P//\\//:} ${NO/a/b}",
      "/usr/Local/lib/x.tar.gz /usr/LocaL/Lib/x.tar.gz :usr:local:lib:x.tar.gz ",
    ],
    ["${A/?/} ${A/*/x} ${A//e/$P}", "ne x on/usr/local/lib/x.tar.gz"],
    ["${A#$STAR}", "one"],
    ["${A/ne/'$A'}", "o$A"],
  ])("%s", (source, expected) => {
    expect(text(source)).toBe(expected);
  });
});

describe("quotes and escapes", () => {
  test.each([
    ["'$A' \"$A\"", "$A one"],
    ['\\$A \\a "\\$A \\a"', "$A a $A \\a"],
    ["a'b'\"c\"", "abc"],
    ["'a\\'", "a\\"],
    ["a\\", "a"],
    ['"it\'s"', "it's"],
  ])("%s", (source, expected) => {
    expect(text(source)).toBe(expected);
  });

  test("the file may have another escape character", () => {
    expect(text("C:\\$A `$A", "`")).toBe("C:\\one $A");
  });

  test("in the body of a heredoc quotes are like other characters", () => {
    expect(expand("'$A' \"$A\" \\$A", SET, "\\", true).text).toBe("'one' \"one\" $A");
  });
});

describe("what the builder refuses", () => {
  test.each([
    ["${", "a ${ is not closed by }"],
    ["${A", "a ${ is not closed by }"],
    ["${A:-x", "a ${ is not closed by }"],
    ["${}", "a ${ names no variable"],
    ["${:-x}", "a ${ names no variable"],
    ["${A=x}", "${A= has no such modifier"],
    ["${A:=x}", "${A: has no such modifier"],
    ["${A:#x}", "${A: has no such modifier"],
    ["${A^^}", "${A^ has no such modifier"],
    ["${A/b}", "a ${ is not closed by /"],
    ["${A#\\b}", "\\b is no pattern"],
    ["${NO:?gone}", "NO: gone"],
    ["${NO?}", "NO: must be set"],
    ["'a", "a ' is not closed"],
    ['a"b', 'a " is not closed'],
  ])("%s", (source, message) => {
    expect(text(source)).toBe(`refused: ${message}`);
    expect(expand(source, SET, "\\").text).toBe(source);
  });

  test("the place is told", () => {
    expect(expand("a $A ${A", SET, "\\").error?.at).toBe(5);
  });
});

test("uses are told with place, modifier and whether they were known", () => {
  expect(expand("$A ${NO:-$B}", SET, "\\").uses).toEqual([
    { name: "A", start: 0, end: 2, modifier: "", known: true },
    { name: "B", start: 9, end: 11, modifier: "", known: false },
    { name: "NO", start: 3, end: 12, modifier: ":-", known: false },
  ]);
  expect(expand("$A $B ${C:-x} ${D+x} ${E#x}", SET, "\\").missing).toEqual(["B", "E"]);
});

test("what only the build knows stays as written", () => {
  expect(expand("a$UNKNOWN-${UNKNOWN:-x}", SET, "\\")).toMatchObject({
    text: "a$UNKNOWN-${UNKNOWN:-x}",
    unknown: true,
    missing: [],
  });
  expect(expand("$A", SET, "\\").unknown).toBe(false);
});

describe("hostile texts", () => {
  test("grow no further than they may", () => {
    const long = new Map([["A", "x".repeat(60_000)]]);
    const { text: result, unknown } = expand("$A".repeat(10_000), long, "\\");
    expect(result.length).toBeLessThan(200_000);
    expect(unknown).toBe(true);
  });

  test("are left open where a pattern would take long", () => {
    const long = new Map([["A", "x".repeat(60_000)]]);
    expect(expand(`\${A##${"*y".repeat(1000)}}`, long, "\\").unknown).toBe(true);
  });

  test("nest only so deep", () => {
    expect(expand("${A:-".repeat(10_000), SET, "\\").error?.message).toBe("its ${ are nested too deep");
    expect(expand(`${"${NO:-".repeat(50)}x${"}".repeat(50)}`, SET, "\\").error?.message).toBe(
      "its ${ are nested too deep",
    );
  });

  test("never throw, and uses lie within them", () => {
    const source = fc.string({ unit: fc.constantFrom(..."$${}AB:-+?#%/*'\"\\ `") });
    fc.assert(
      fc.property(source, fc.constantFrom("\\", "`"), fc.boolean(), (written, escape, raw) => {
        const { uses } = expand(written, SET, escape, raw);
        for (const { name, start, end } of uses) {
          expect(written.slice(start, end)).toContain(name);
          expect(written[start]).toBe("$");
        }
      }),
    );
  });
});
