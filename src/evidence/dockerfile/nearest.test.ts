import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test.each([
  ["chwon", ["chown", "chmod", "from"], "chown"],
  ["BULIDPLATFORM", ["BUILDPLATFORM", "TARGETPLATFORM"], "BUILDPLATFORM"],
  ["MYARCH", ["MY_ARCH", "MY_OS"], "MY_ARCH"],
  ["RUNN", ["RUN", "USER"], "RUN"],
  ["PAHT", ["PATH", "HOME"], "PATH"],
  ["foo", ["bar"], null],
  // Two are as near: neither is suggested.
  ["ac", ["aa", "ab"], null],
  ["", ["ab"], "ab"],
  ["x", [], null],
  ["a".repeat(100), ["a".repeat(99)], null],
])("%s", (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

test("fewer slips may be allowed", () => {
  expect(nearest("ARE", ["ARG", "USER"], 1)).toBe("ARG");
  expect(nearest("ARES", ["ARG"], 1)).toBeNull();
});
