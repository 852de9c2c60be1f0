import { expect, test } from "vitest";
import { joinPieces } from "./joined.ts";
import { linesOf } from "./lines.ts";
import { readLogicalLine } from "./logical.ts";

const read = (text: string, escape = "\\") => {
  const { pieces, range, comments, gaps, next } = readLogicalLine(linesOf(text), 0, escape);
  return {
    joined: joinPieces(text, pieces).text,
    whole: text.slice(range.start, range.end),
    comments: comments.map((comment) => comment.text),
    gaps: gaps.length,
    next,
  };
};

test.each([
  ["  RUN a\nRUN b", "RUN a", "RUN a", 1],
  ["RUN a \\\n  b\nc", "RUN a   b", "RUN a \\\n  b", 2],
  ["RUN a \\  \t\n  b", "RUN a   b", "RUN a \\  \t\n  b", 2],
  ["RUN a\\\r\nb\r\nc", "RUN ab", "RUN a\\\r\nb", 2],
  // A doubled escape character is one, and ends the line.
  ["RUN a \\\\\nb", "RUN a \\\\", "RUN a \\\\", 1],
  ["RUN a \\\n\\\nb", "RUN a b", "RUN a \\\n\\\nb", 3],
  ["\\\nRUN a", "RUN a", "\\\nRUN a", 2],
  ["RUN a \\", "RUN a ", "RUN a \\", 1],
  ["RUN a \\ x\nb", "RUN a \\ x", "RUN a \\ x", 1],
])("%j", (text, joined, whole, next) => {
  expect(read(text)).toEqual({ joined, whole, comments: [], gaps: 0, next });
});

test("comments and empty lines between are left out, and told", () => {
  expect(read("RUN a \\\n # one\n\n \t\n#two \\\n  b \\\n\nc\nd")).toEqual({
    joined: "RUN a   b c",
    whole: "RUN a \\\n # one\n\n \t\n#two \\\n  b \\\n\nc",
    comments: ["one", "two \\"],
    gaps: 3,
    next: 8,
  });
});

test("what follows a last mark in vain belongs to it", () => {
  expect(read("RUN a \\\n\n# c\n\n")).toEqual({
    joined: "RUN a ",
    whole: "RUN a \\\n\n# c",
    comments: ["c"],
    gaps: 2,
    next: 4,
  });
});

test("the escape character decides", () => {
  expect(read("RUN a `\nb", "`").joined).toBe("RUN a b");
  expect(read("RUN a \\\nb", "`").joined).toBe("RUN a \\");
});
