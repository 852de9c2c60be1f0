import { describe, expect, test } from "vitest";
import { parseDockerfile } from "./parse.ts";
import { at } from "./testing.ts";

function named(text: string): string[] {
  return parseDockerfile(text).directives.map(({ name, value }) => `${name}=${value}`);
}

describe("directives", () => {
  test.each([
    ["# syntax=docker/dockerfile:1\nFROM a", ["syntax=docker/dockerfile:1"]],
    ["#syntax=a\n#escape=`\n# check=skip=all\nFROM a", ["syntax=a", "escape=`", "check=skip=all"]],
    ["  #  SynTax  =  a b  \nFROM a", ["syntax=a b"]],
    ["# syntax=a\r\n# escape=`\r\nFROM a", ["syntax=a", "escape=`"]],
    ["\uFEFF# syntax=a\nFROM a", ["syntax=a"]],
    // Whatever else comes first ends them.
    ["\n# syntax=a\nFROM a", []],
    ["# comment\n# syntax=a\nFROM a", []],
    ["# unknown=x\n# syntax=a\nFROM a", []],
    ["FROM a\n# syntax=a", []],
    ["# syntax=\nFROM a", []],
    ["# syntax a\nFROM a", []],
    ["# syn tax=a\nFROM a", []],
    // A script line before them hides the escape character only.
    ["#!/usr/bin/env buildah\n# syntax=a\n# check=error=true\nFROM a", ["syntax=a", "check=error=true"]],
    ["#!/bin/x\n# escape=`\n# syntax=a\nFROM a", []],
    // Frontends that are no Dockerfiles have other comments.
    ["// syntax=a\nFROM a", ["syntax=a"]],
    ["// escape=`\nFROM a", []],
  ])("%j", (text, expected) => {
    expect(named(text)).toEqual(expected);
  });

  test("they are no comments", () => {
    const { comments, directives, instructions } = parseDockerfile("#!x\n# syntax=a\n# note\nFROM a");
    expect(comments.map(({ text }) => text)).toEqual(["!x", "note"]);
    expect(directives).toHaveLength(1);
    expect(instructions).toHaveLength(1);
    expect(parseDockerfile("// syntax=a\nFROM a").instructions).toHaveLength(1);
  });

  test("ranges are those of the line and of the value", () => {
    const text = " # escape = `  \r\nFROM a";
    const { directives } = parseDockerfile(text);
    expect(directives.map(({ range }) => at({ text }, range))).toEqual(["# escape = `  "]);
    expect(directives.map(({ valueRange }) => at({ text }, valueRange))).toEqual(["`"]);
  });

  test("the escape character holds for the whole file", () => {
    const { escape, instructions } = parseDockerfile("# escape=`\nFROM a\nRUN a `\n  b\nRUN c \\\nRUN d");
    expect(escape).toBe("`");
    expect(instructions.map(({ arguments: { text } }) => text)).toEqual(["a", "a   b", "c \\", "d"]);
  });

  test("what the builder refuses is said", () => {
    const messages = (text: string): string[] => parseDockerfile(text).problems.map(({ message }) => message);
    expect(messages("# escape=x\nFROM a")).toEqual(["the escape character can be \\ or `, not x"]);
    expect(messages("# syntax=a\n# syntax=b\nFROM a")).toEqual(["the directive syntax is given twice"]);
    expect(messages("# check=skip=A;error=maybe\nFROM a")).toEqual([
      "error= of the directive check is true or false, not maybe",
    ]);
    expect(messages("# check=ignore=A\nFROM a")).toEqual([
      "the directive check takes skip=, experimental= or error=, not ignore=A",
    ]);
    expect(messages("# check=skip=A,B;experimental=all;error=true // why\nFROM a")).toEqual([]);
  });

  test("many blanks cost no time", () => {
    expect(named(`# syntax=a${" ".repeat(300_000)}b\nFROM a`)).toHaveLength(1);
  });
});

describe("a file that is JSON", () => {
  test("names its frontend, and is no Dockerfile", () => {
    const text = '{\n "syntax": "x/frontend",\n "a": [1]\n}\n';
    const { directives, instructions, problems } = parseDockerfile(text);
    expect(directives.map(({ name, value, valueRange }) => [name, value, at({ text }, valueRange)])).toEqual([
      ["syntax", "x/frontend", "x/frontend"],
    ]);
    expect(instructions).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual([
      "this is written for the frontend x/frontend, not as a Dockerfile",
    ]);
  });

  test.each(['{"a": 1}', '{"syntax": 1}', "{ broken", '["syntax"]'])("%s is not", (text) => {
    expect(parseDockerfile(text).directives).toEqual([]);
  });
});
