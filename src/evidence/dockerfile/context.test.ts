import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readBuildContext } from "./context.ts";

let root = "";
beforeAll(() => {
  root = fs.mkdtempSync(join(tmpdir(), "context-"));
  fs.mkdirSync(join(root, "app/src"), { recursive: true });
  fs.writeFileSync(join(root, "app/src/main.go"), "");
  fs.writeFileSync(join(root, "app/Dockerfile"), "FROM a");
  fs.writeFileSync(join(root, "outside"), "");
  fs.symlinkSync("src/main.go", join(root, "app/link"));
  fs.symlinkSync("/src", join(root, "app/rooted"));
  fs.symlinkSync("../outside", join(root, "app/out"));
  fs.symlinkSync("loop", join(root, "app/loop"));
  fs.symlinkSync("gone", join(root, "app/dangling"));
});
afterAll(() => fs.rmSync(root, { recursive: true }));

const context = (dockerfile = join(root, "app/Dockerfile")) =>
  readBuildContext(join(root, "app"), dockerfile);

describe("the ignore file", () => {
  test("may be missing", () => {
    expect(context()).toMatchObject({ path: join(root, "app"), ignore: null });
    expect(context()?.ignores("src")).toBe(false);
  });

  test("is the folder's, or the Dockerfile's own", () => {
    fs.writeFileSync(join(root, "app/.dockerignore"), "src\n!src/main.go\n");
    expect(context()?.ignore).toEqual({
      path: join(root, "app/.dockerignore"),
      patterns: ["src", "!src/main.go"],
    });
    expect([context()?.ignores("src/x"), context()?.ignores("src/main.go")]).toEqual([true, false]);
    fs.writeFileSync(join(root, "outer.Dockerfile.dockerignore"), "*.md");
    expect(context(join(root, "outer.Dockerfile"))?.ignore?.patterns).toEqual(["*.md"]);
  });

  test("that cannot be read leaves the context unknown", () => {
    fs.mkdirSync(join(root, "bad/.dockerignore"), { recursive: true });
    expect(readBuildContext(join(root, "bad"), "Dockerfile")).toBeNull();
    fs.mkdirSync(join(root, "big"));
    fs.writeFileSync(join(root, "big/.dockerignore"), "a\n".repeat(1 << 20));
    expect(readBuildContext(join(root, "big"), "Dockerfile")).toBeNull();
  });
});

test("a context is a folder", () => {
  expect(readBuildContext(join(root, "outside"), "Dockerfile")).toBeNull();
  expect(readBuildContext(join(root, "nowhere"), "Dockerfile")).toBeNull();
});

test.each([
  ["src", true],
  ["./src/main.go", true],
  ["/src/main.go", true],
  [".", true],
  ["src/none", false],
  ["src/main.go/x", false],
  ["../outside", false],
  // Links are followed within the folder, where / is the folder.
  ["link", true],
  ["rooted/main.go", true],
  ["dangling", false],
  ["out", null],
  ["loop", null],
  // Patterns are not looked for.
  ["*.go", null],
  ["a\0b", null],
  ["x/".repeat(5000), null],
])("%s exists: %s", (path, expected) => {
  expect(context()?.exists(path)).toBe(expected);
});

test("looks so often and no more", () => {
  const found = context();
  for (let index = 0; index < 10_000; index += 1) found?.exists(`none${index}`);
  expect([found?.exists("none1"), found?.exists("src")]).toEqual([false, null]);
});
