import { describe, expect, test } from "vitest";
import { findingsIn, linesIn, mended } from "../testing.ts";
import rules from "./build-from-arguments.ts";

const [undeclared, standard] = rules as [(typeof rules)[0], (typeof rules)[0]];

describe("an argument that is not declared", () => {
  test.each([
    [
      "FROM --platform=$BULIDPLATFORM scratch",
      1,
      "BULIDPLATFORM, which is not declared (did you mean BUILDPLATFORM?)",
    ],
    [
      "ARG MY_OS=linux\nARG MY_ARCH=amd64\nFROM --platform=linux/${MYARCH} a",
      3,
      "MYARCH, which is not declared (did you mean MY_ARCH?)",
    ],
    ["ARG tag=1\nFROM a:${tag}${version} AS b", 2, "version, which is not declared"],
    [
      "FROM a\nARG VERSION=1\nFROM b:${VERSION:-2}",
      3,
      "VERSION, which is not declared before the first FROM",
    ],
  ])("%j", (text, line, message) => {
    expect(findingsIn(undeclared, text)).toMatchObject([
      { line, message: `FROM uses the argument ${message}` },
    ]);
  });

  test.each([
    "ARG base=scratch\nFROM $base\n",
    "ARG BUILDPLATFORM=linux/amd64\nFROM --platform=$BUILDPLATFORM scratch\n",
    "FROM --platform=$TARGETPLATFORM a-$TARGETARCH$TARGETVARIANT:$BUILDOS-$TARGETSTAGE\n",
    "ARG A\nFROM scratch${A}\n",
    "ARG A B=1\nFROM a${A:-b}${B%x}\n",
    "FROM 'a$B'\n",
    "FROM a\nRUN $B\n",
  ])("%j is well", (text) => {
    expect(linesIn(undeclared, text)).toEqual([]);
  });

  test("is found once in a FROM, at its place", () => {
    const text = "FROM --platform=$X a:$X-$Y";
    const found = findingsIn(undeclared, text);
    expect(found.map(({ range }) => text.slice(range?.start, range?.end))).toEqual(["$X", "$Y"]);
  });

  test("a slip is mended when asked for", () => {
    const text = "FROM --platform=${BULIDPLATFORM} a\n";
    expect(mended(undeclared, text, "unsafe")).toBe("FROM --platform=${BUILDPLATFORM} a\n");
    expect(() => mended(undeclared, text)).toThrow("no safe fix");
  });
});

describe("defaults that make no image name", () => {
  test.each([
    ["ARG VERSION\nFROM a:$VERSION\n", 'a:$VERSION is no image name but "a:"'],
    ["ARG IMAGE\nFROM $IMAGE\n", "$IMAGE is no image name but an empty name"],
    ['ARG END="b:"\nFROM a${END}\n', 'a${END} is no image name but "ab:"'],
    ["ARG A='B'\nFROM $A\n", '$A is no image name but "B"'],
  ])("%j", (text, message) => {
    expect(findingsIn(standard, text)).toMatchObject([
      { line: 2, message: `with the default values of its ARGs ${message}` },
    ]);
  });

  test.each([
    'ARG VERSION="latest"\nFROM a:${VERSION}\n',
    'ARG VARIANT=""\nFROM a:stable${VARIANT}\n',
    "ARG VARIANT\nFROM a:stable${VARIANT}\n",
    "ARG V\nFROM a:${V:-1}\n",
    "FROM a-$TARGETARCH:1\n",
    "ARG S=one\nFROM a AS one\nFROM $S\n",
    "FROM A\n",
  ])("%j is well", (text) => {
    expect(linesIn(standard, text)).toEqual([]);
  });

  test("what is not declared at all is said once", () => {
    expect(linesIn(standard, "FROM $NOPE\n")).toEqual([]);
    expect(linesIn(standard, "FROM $NOPE\n", { settings: { preset: "hadolint" } })).toEqual([1]);
  });
});
