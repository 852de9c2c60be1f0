import { describe, expect, test } from "vitest";
import { findingsIn, linesIn, mended } from "../testing.ts";
import rules from "./build-keyword-case.ts";

const [keywords, as] = rules as [(typeof rules)[0], (typeof rules)[0]];

describe("keywords", () => {
  test.each([
    ["FROM a\ncopy b c\nCOPY d e\n", [2], "uppercase"],
    ["from a\nCOPY b c\ncopy d e\n", [2], "lowercase"],
    ["From a\nFROM b\n", [1], "uppercase"],
    ["frOM a\nfrom b\n", [1], "lowercase"],
    // As many of both: capital letters.
    ["FROM a\ncopy b c\n", [2], "uppercase"],
    ["fRom a\ncOpy b c\n", [1, 2], "uppercase"],
  ])("%j", (text, lines, which) => {
    const found = findingsIn(keywords, text);
    expect(found.map(({ line }) => line)).toEqual(lines);
    for (const { message } of found) expect(message).toContain(which);
  });

  test.each([
    "FROM a\nCOPY b c\n",
    "from a\ncopy b c\n",
    // ARGs before the first FROM, triggers and unknown words do not count.
    "arg A=1\narg B=1\nFROM a\nONBUILD run b\nfoo bar\n",
    "FROM a\nRUN <<EOF\nfrom b\ncopy c d\nEOF\n",
    "",
  ])("%j is well", (text) => {
    expect(linesIn(keywords, text)).toEqual([]);
  });

  test("are mended, AS with its FROM", () => {
    expect(mended(keywords, "from a as b\nRUN x\nRUN as from\nrun y \\\n  z\n")).toBe(
      "FROM a AS b\nRUN x\nRUN as from\nRUN y \\\n  z\n",
    );
  });
});

describe("AS", () => {
  test.each([
    ["FROM a as b\n", "as and FROM should be written in one way"],
    ["from a AS b\nfrom c\n", "AS and from should be written in one way"],
    ["FROM a As b\n", "As and FROM should be written in one way"],
  ])("%j", (text, message) => {
    expect(findingsIn(as, text).map((found) => found.message)).toEqual([message]);
  });

  test.each(["FROM a AS b\n", "from a as b\n", "From a as b\n", "FROM a\n", "FROM a B c\n"])(
    "%j is well",
    (text) => {
      expect(linesIn(as, text)).toEqual([]);
    },
  );

  test("is mended so that the other rule is content too", () => {
    const text = "FROM a\nRUN x\nfrom a AS b\nFROM c as d\n";
    const once = mended(as, text);
    expect(once).toBe("FROM a\nRUN x\nFROM a AS b\nFROM c AS d\n");
    expect([...linesIn(as, once), ...linesIn(keywords, once)]).toEqual([]);
  });
});
