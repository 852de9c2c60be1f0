import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "#model/problem.ts";
import { readText } from "./read-text.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seaworthy-read-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("readText", () => {
  it("reads up to the limit, and no byte more", () => {
    const path = join(folder, "full");
    writeFileSync(path, "a".repeat(1 << 20));
    expect(readText(path, "full", 1 << 20)).toHaveLength(1 << 20);
    writeFileSync(path, "a".repeat((1 << 20) + 1));
    expect(() => readText(path, "full", 1 << 20)).toThrow(new UserError("full: is larger than 1 MiB"));
  });

  it("says in words why there is no text", () => {
    expect(() => readText(join(folder, "none"), "none", 9)).toThrow(new UserError("none: does not exist"));
    expect(() => readText(folder, "folder", 9)).toThrow(new UserError("folder: is a folder, not a file"));
    expect(() => readText("/dev/zero", "zero", 9)).toThrow(new UserError("zero: is not a plain file"));
    const path = join(folder, "latin1");
    writeFileSync(path, Buffer.from([0x67, 0x72, 0xf6]));
    expect(() => readText(path, "latin1", 9)).toThrow(new UserError("latin1: is not UTF-8 text"));
  });

  it("does not wait for somebody to write into a fifo", () => {
    const path = join(folder, "fifo");
    execFileSync("sh", ["-c", 'mkfifo "$1"', "sh", path]);
    expect(() => readText(path, "fifo", 9)).toThrow(new UserError("fifo: is not a plain file"));
  });
});
