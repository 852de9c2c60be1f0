import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expand } from "#evidence/dockerfile/expand.ts";
import { parseDockerfile } from "#evidence/dockerfile/parse.ts";
import { findingsIn, linesIn, mended } from "../testing.ts";
import rule from "./build-legacy-pair.ts";

test("the old form is found, with its instruction and name", () => {
  const found = findingsIn(rule, "FROM a\nENV MODE production\nlabel key a value\nENV A=b C=d\n");
  expect(found.map(({ line, message }) => [line, message])).toEqual([
    [2, '"ENV MODE=…" should be used instead of the legacy "ENV MODE …"'],
    [3, '"label key=…" should be used instead of the legacy "label key …"'],
  ]);
});

test.each([
  "FROM a\nENV A=b\nLABEL a=b c=d\n",
  "FROM a\nENV A\n",
  "FROM a\nARG A b\n",
  "FROM a\nONBUILD ENV A b\n",
])("%j is well", (text) => {
  expect(linesIn(rule, text)).toEqual([]);
});

describe("it is mended", () => {
  test.each([
    ["ENV A b", "ENV A=b"],
    ["ENV  A \t b ", "ENV  A=b "],
    ["ENV A b c=d", 'ENV A="b c=d"'],
    ["ENV A $B/c d", 'ENV A="$B/c d"'],
    ["ENV A 'b c'", "ENV A='b c'"],
    ["ENV A 'b c' d \"e f\"", "ENV A='b c'\\ d\\ \"e f\""],
    ["ENV A b\\ c d", "ENV A=b\\ c\\ d"],
    ["LABEL a.b/c-d e", "LABEL a.b/c-d=e"],
    ["ENV A \\\n    b", "ENV A=b"],
    ["ENV A b \\\n    c", 'ENV A="b \\\n    c"'],
    ["ENV A \\\n # one\n\tb \\\n # two\n\tc", 'ENV A="\\\n # one\nb \\\n # two\n\tc"'],
    ["ENV A b c\r", 'ENV A="b c"\r'],
  ])("%j", (written, expected) => {
    const once = mended(rule, `FROM a\n${written}\n`);
    expect(once).toBe(`FROM a\n${expected}\n`);
    expect(linesIn(rule, once)).toEqual([]);
  });

  test("with the file's escape character", () => {
    expect(mended(rule, "# escape=`\nFROM a\nENV A C:\\b 'c d' e\n")).toBe(
      "# escape=`\nFROM a\nENV A=C:\\b` 'c d'` e\n",
    );
  });

  test.each(["ENV A it's", 'ENV "A" b'])("%j is left to people", (written) => {
    expect(() => mended(rule, `FROM a\n${written}\n`)).toThrow("no safe fix");
  });

  test("and means the same afterwards", () => {
    const value = fc.string({ unit: fc.constantFrom(..."ab$ \"'\\={}#"), minLength: 1, maxLength: 12 });
    const variables = new Map([
      ["a", "one two"],
      ["b", ""],
    ]);
    const pairsOf = (text: string) =>
      parseDockerfile(text).instructions[1]?.pairs.map(({ name, value: word }) => [
        name.value,
        expand(word?.raw ?? "", variables, "\\").text,
      ]);
    const fixable = value
      .map((written) => `FROM a\nENV NAME ${written}\n`)
      .filter((text) => findingsIn(rule, text).some(({ fixes }) => fixes?.length === 1));
    fc.assert(
      fc.property(fixable, (text) => {
        expect(pairsOf(mended(rule, text))).toEqual(pairsOf(text));
      }),
      { numRuns: 500 },
    );
  });
});
