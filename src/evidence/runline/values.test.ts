import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOf, cleanPath, csvFields, integerOf, switchOf, withDefaults } from "./values.ts";

describe("amounts", () => {
  test.each([
    ["512m", 512 * 2 ** 20],
    ["1g", 2 ** 30],
    ["1.5G", 1.5 * 2 ** 30],
    ["64MiB", 64 * 2 ** 20],
    ["100 kb", 102_400],
    ["1024", 1024],
    ["10b", 10],
    ["-1", -1],
    ["lots", null],
    ["1x", null],
    ["", null],
  ])("%s is %s bytes", (text, bytes) => {
    expect(bytesOf(text)).toBe(bytes);
  });

  test("of processes are whole numbers", () => {
    expect([integerOf("100"), integerOf("-1"), integerOf("1.5"), integerOf("")]).toEqual([
      100,
      -1,
      null,
      null,
    ]);
  });
});

test("switches are on without a value", () => {
  expect([
    switchOf(null),
    switchOf("true"),
    switchOf("1"),
    switchOf("false"),
    switchOf("F"),
    switchOf("maybe"),
  ]).toEqual([true, true, true, false, false, null]);
});

test("defaults of variables stand for them", () => {
  expect(withDefaults("${A:-80}:${B-81}")).toBe("80:81");
  expect(withDefaults("$A:${B}:${C:+x}")).toBe("$A:${B}:${C:+x}");
});

describe("fields with commas", () => {
  test("are parted but for those in quotes", () => {
    expect(csvFields('type=volume,"dst=/a,b",x="y')).toEqual(["type=volume", "dst=/a,b", 'x="y']);
    expect(csvFields('"a""b",')).toEqual(['a"b', ""]);
    expect(csvFields("")).toEqual([""]);
  });

  test("come back from what they were written as", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (fields) => {
        const line = fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(",");
        expect(csvFields(line)).toEqual(fields);
      }),
    );
  });
});

test("paths are cleaned as the engine does", () => {
  expect(["/a//b/../c/", "/", "//", "/..", "/a/./b", "rel/../x", ""].map((path) => cleanPath(path))).toEqual([
    "/a/c",
    "/",
    "/",
    "/",
    "/a/b",
    "rel/../x",
    "",
  ]);
});
