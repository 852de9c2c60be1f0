import { describe, expect, test } from "vitest";
import { ignoreMatcher, readIgnoreFile } from "#evidence/dockerfile/ignore-file.ts";
import { findingsIn } from "../testing.ts";
import rule from "./build-copy-ignored.ts";

const found = (ignoreFile: string, text: string): [number, string][] => {
  const patterns = readIgnoreFile(ignoreFile);
  const context = {
    path: ".",
    ignore: { path: ".dockerignore", patterns },
    exists: () => null,
    ignores: ignoreMatcher(patterns),
  };
  return findingsIn(rule, text, { context }).map(({ line, message }) => [line, message]);
};

test("files that are left out are named", () => {
  expect(found("Dockerfile", "FROM scratch\nCOPY Dockerfile .\nADD Dockerfile /windy\n")).toEqual([
    [2, 'copies "Dockerfile", which .dockerignore leaves out'],
    [3, 'adds "Dockerfile", which .dockerignore leaves out'],
  ]);
});

test("each source counts, and so do folders above it", () => {
  expect(found("dist\n*.log", "FROM a\nCOPY a ./dist/app b.log /c.log x/d.log /to/\n")).toEqual([
    [2, 'copies "dist/app", which .dockerignore leaves out'],
    [2, 'copies "b.log", which .dockerignore leaves out'],
    [2, 'copies "c.log", which .dockerignore leaves out'],
  ]);
});

test("variables are looked through where they are known", () => {
  expect(
    found("dist", "ARG G=dist\nFROM a\nARG D=dist\nARG G\nCOPY $D x\nCOPY $G x\nCOPY $X x\n"),
  ).toHaveLength(2);
});

test.each([
  ["foobar", "FROM a AS base\nFROM base\nCOPY --from=base /foobar /x\n"],
  ["https:*\ngit*", "FROM a\nADD https://example.com/a.tgz git@example.com:a/b.git /x\n"],
  ["EOF", "FROM a\nCOPY <<EOF /x\nEOF\n"],
  ["", "FROM a\nCOPY a b\n"],
  ["# a", "FROM a\nCOPY a b\n"],
])("%j: %j is well", (ignoreFile, text) => {
  expect(found(ignoreFile, text)).toEqual([]);
});

describe("the whole context", () => {
  const text = "FROM a\nCOPY . .\nADD / /x\n";

  test.each([".*", "node_modules", "**/*.md"])("is there with %s", (ignoreFile) => {
    expect(found(ignoreFile, text)).toEqual([]);
  });

  test.each(["*", "**", "**/*"])("is not with %s", (ignoreFile) => {
    expect(found(ignoreFile, text)).toEqual([
      [2, "copies the whole context, which .dockerignore leaves out"],
      [3, "adds the whole context, which .dockerignore leaves out"],
    ]);
  });

  test("is there where something is taken back", () => {
    expect(found("**\n!app", text)).toEqual([]);
  });
});

describe("patterns that take something back", () => {
  test.each([
    ["**\n!Dockerfile", "COPY ./Dockerfile ."],
    ["app\n!app/main", "COPY app ."],
    ["app\n!**/main", "COPY app ."],
    ["app\n!app", "COPY app ."],
  ])("%j: %s is well", (ignoreFile, copy) => {
    expect(found(ignoreFile, `FROM a\n${copy}\n`)).toEqual([]);
  });

  test("do not speak for others", () => {
    expect(found("*\n!app/main\n!doc/*", "FROM a\nCOPY lib .\n")).toHaveLength(1);
  });
});

test("nothing is said where the context is not known", () => {
  expect(findingsIn(rule, "FROM a\nCOPY b c\n")).toEqual([]);
});
