import fc from "fast-check";
import { expect, it } from "vitest";
import { parseEnvFile } from "./dotenv.ts";

const read = (text: string): Record<string, string | null> =>
  Object.fromEntries(parseEnvFile(text).map(({ name, value }) => [name, value]));

it.each([
  ["VAR=VAL", "VAL"],
  ['VAR="VAL"', "VAL"],
  ["VAR='VAL'", "VAL"],
  ["VAR=VAL # comment", "VAL"],
  ["VAR=VAL# not a comment", "VAL# not a comment"],
  ['VAR="VAL # not a comment"', "VAL # not a comment"],
  ['VAR="VAL" # comment', "VAL"],
  ["VAR='$OTHER'", "$OTHER"],
  ["VAR='Let\\'s go!'", "Let's go!"],
  ['VAR="{\\"hello\\": \\"json\\"}"', '{"hello": "json"}'],
  ['VAR="some\\tvalue"', "some\tvalue"],
  ["VAR='some\\tvalue'", "some\\tvalue"],
  ["VAR=some\\tvalue", "some\\tvalue"],
  ["VAR=", ""],
  ["  export VAR = x", "x"],
  ["\uFEFFVAR=x\r", "x"],
  ['VAR="two\nlines"', "two\nlines"],
  ["VAR=${NONE:-d}", "d"],
  ['VAR="\\$A"', "$A"],
])("%s", (text, value) => {
  expect(read(text)).toEqual({ VAR: value });
});

it("reads line by line, and later lines see earlier ones", () => {
  expect(read("# c\n\nA=1\nB=$A$A\nC\nnonsense line\nD='x'\n")).toEqual({ A: "1", B: "11", C: null, D: "x" });
});

it("lets the environment win over the file", () => {
  const outer = (name: string): string | undefined => (name === "A" ? "out" : undefined);
  expect(parseEnvFile("A=in\nB=$A", outer)).toContainEqual({ name: "B", value: "out" });
});

it("never throws", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("A", "=", '"', "'", "\\", "\n", "#", " ", "$", "{", "}")),
      (parts) => {
        expect(parseEnvFile(parts.join("")).length).toBeLessThanOrEqual(parts.length);
      },
    ),
  );
});
