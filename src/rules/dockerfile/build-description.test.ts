import { expect, test } from "vitest";
import { findingsIn, linesIn } from "../testing.ts";
import rule from "./build-description.ts";

const ASK = "# check=experimental=InvalidDefinitionDescription\n";

test("comments that describe nothing are found", () => {
  const text = `${ASK}# bar is something
ARG foo=bar
# Base is the base
FROM scratch AS base
# a bad comment
ARG version=latest
# a bad comment
ARG foo=baz bar=qux
`;
  expect(findingsIn(rule, text).map(({ line, message }) => [line, message])).toEqual([
    [3, "the comment above ARG should begin with foo, not bar"],
    [5, "the comment above FROM should begin with base, not Base"],
    [7, "the comment above ARG should begin with version, not a"],
    [9, "the comment above ARG should begin with the name of one of its arguments, not a"],
  ]);
});

test("those that describe, or stand apart, are well", () => {
  const text = `${ASK}# foo is the foo
ARG foo=bar

# base is the base
FROM scratch AS Base
# unrelated

ARG version
# bar is one of them
ARG foo bar=1
# whatever
#
ARG last
# whatever
FROM scratch
# whatever
COPY a b
`;
  expect(linesIn(rule, text)).toEqual([]);
});

test("comments for programs are looked through", () => {
  expect(linesIn(rule, `${ASK}# A is one\n# check=skip=SecretsUsedInArgOrEnv // why\nARG A\n`)).toEqual([]);
  expect(linesIn(rule, `${ASK}# hadolint ignore=DL3006\nFROM a AS b\n`)).toEqual([]);
});

test.each([
  ["# check=experimental=all\n", 1],
  ["# check=skip=all;experimental=Other,InvalidDefinitionDescription\n", 1],
  ["# check=experimental=CopyIgnoredFile\n", 0],
  ["# check=skip=all\n", 0],
  ["", 0],
])("%j: asked for or not", (directive, count) => {
  expect(linesIn(rule, `${directive}# bad\nARG A\nFROM a`)).toHaveLength(count);
});

test("a comment in the last line is above nothing", () => {
  expect(linesIn(rule, "ARG A\nFROM a\n# check=experimental=all")).toEqual([]);
});
