import { describe, expect, test } from "vitest";
import { isReference, parseReference } from "./reference.ts";

test.each([
  ["alpine", "", "alpine", null, null],
  ["alpine:3.20", "", "alpine", "3.20", null],
  ["a/b:1@sha256:00", "", "a/b", "1", "sha256:00"],
  ["a/b@sha256:00", "", "a/b", null, "sha256:00"],
  ["localhost/a", "localhost", "a", null, null],
  ["localhost:5000/a:1", "localhost:5000", "a", "1", null],
  ["registry.example.com/a/b:1", "registry.example.com", "a/b", "1", null],
  ["Registry/a", "Registry", "a", null, null],
  ["[::1]:5000/a", "[::1]:5000", "a", null, null],
  ["user/a", "", "user/a", null, null],
  ["", "", "", null, null],
])("%s", (text, registry, repository, tag, digest) => {
  expect(parseReference(text)).toEqual({ text, registry, repository, tag, digest, unresolved: false });
});

test("a variable that is left makes it unresolved", () => {
  expect(parseReference("alpine:$V")).toMatchObject({ repository: "alpine", tag: "$V", unresolved: true });
});

describe("what the builder could pull", () => {
  test.each([
    "alpine",
    "a/b-c__d.e/f--g:v1.2_3-x",
    "registry.example.com:5000/a/b:1",
    "localhost/a",
    "[::1]:5000/a",
    `a@sha256:${"0".repeat(64)}`,
    `a:1@sha256:${"0".repeat(64)}`,
  ])("%s", (text) => {
    expect(isReference(text)).toBe(true);
  });

  test.each([
    "",
    "alpine:",
    "Alpine",
    ":1",
    "a/",
    "/a",
    "a//b",
    "a_-b",
    "-a",
    "a..b",
    "a:b:c",
    "a:-1",
    "a b",
    "$A",
    "a@sha256:00",
    "a@b",
    "reg_istry.example.com/a",
    "example-.com/a",
    "0".repeat(64),
    `a${"b".repeat(300)}`,
    "a/".repeat(2000),
  ])("not %s", (text) => {
    expect(isReference(text)).toBe(false);
  });
});
