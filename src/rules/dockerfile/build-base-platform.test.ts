import { expect, test } from "vitest";
import { findingsIn } from "../testing.ts";
import rule from "./build-base-platform.ts";

test("what only a registry knows is said to be unknown", () => {
  expect(findingsIn(rule, "FROM --platform=linux/arm64 a:1\n")).toMatchObject([
    {
      verdict: "unknown",
      line: 1,
      message:
        "which platforms a:1 is built for is only known to its registry: docker build --check compares them with linux/arm64",
    },
  ]);
});

test.each([
  "FROM a\n",
  "FROM --platform=$BUILDPLATFORM a\n",
  "FROM --platform=linux/arm64 scratch\n",
  "FROM a AS b\nFROM --platform=x b\n",
])("%j is not judged", (text) => {
  expect(findingsIn(rule, text)).toEqual([]);
});
