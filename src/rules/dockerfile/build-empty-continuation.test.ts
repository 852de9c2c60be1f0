import { describe, expect, test } from "vitest";
import { findingsIn, linesIn, mended } from "../testing.ts";
import rule from "./build-empty-continuation.ts";

describe("empty lines within an instruction", () => {
  test("are found at the line that still belongs to it", () => {
    const found = findingsIn(
      rule,
      "FROM a\nCOPY b \\\n\n.\nRUN c \\\n # note\n \t\n\n # more\n  && d \\\n  && e\n",
    );
    expect(found.map(({ line, message }) => [line, message])).toEqual([
      [4, "an empty continuation line stands before this one, which still belongs to COPY"],
      [10, "an empty continuation line stands before this one, which still belongs to RUN"],
    ]);
  });

  test.each([
    "FROM a\nRUN b \\\n  c\n\nRUN d\n",
    "FROM a\nRUN b \\\n# note\n  c\n",
    "FROM a\nRUN <<EOF\nb \\\n\nc\nEOF\n",
  ])("%j has none", (text) => {
    expect(linesIn(rule, text)).toEqual([]);
  });

  test("are removed, comments stay", () => {
    expect(mended(rule, "FROM a\nRUN b \\\n\n # note\n\t\n  && c\n")).toBe(
      "FROM a\nRUN b \\\n # note\n  && c\n",
    );
    expect(mended(rule, "FROM a\r\nRUN b \\\r\n\r\n  && c\r\n")).toBe("FROM a\r\nRUN b \\\r\n  && c\r\n");
  });
});

describe("an instruction that was meant to end", () => {
  test("swallows the next one, which is said and mended only when asked for", () => {
    const text = "FROM a\nRUN b \\\n\nRUN c\n";
    expect(findingsIn(rule, text)).toMatchObject([
      { line: 4, message: "an empty line stands within RUN: this RUN still belongs to it" },
    ]);
    expect(() => mended(rule, text)).toThrow("no safe fix");
    expect(mended(rule, text, "unsafe")).toBe("FROM a\nRUN b\n\nRUN c\n");
  });

  test("may be the last one", () => {
    const text = "# escape=`\nFROM a\nRUN b && `\n\n";
    expect(findingsIn(rule, text)).toMatchObject([
      { line: 4, message: "RUN goes on over empty lines, and nothing follows" },
    ]);
    expect(mended(rule, text, "unsafe")).toBe("# escape=`\nFROM a\nRUN b &&\n\n");
  });
});
