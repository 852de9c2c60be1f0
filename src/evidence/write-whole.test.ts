import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeWhole } from "./write-whole.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "seaworthy-write-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

describe("writeWhole", () => {
  it("makes a file with its mode, and replaces one", () => {
    const path = join(folder, "a");
    writeWhole(path, "one", 0o600);
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    writeWhole(path, "two");
    expect(fs.readFileSync(path, "utf8")).toBe("two");
    expect(fs.readdirSync(folder)).toEqual(["a"]);
  });

  it("follows a link, and leaves it a link", () => {
    fs.writeFileSync(join(folder, "real"), "old");
    fs.symlinkSync("real", join(folder, "link"));
    writeWhole(join(folder, "link"), "new");
    expect(fs.lstatSync(join(folder, "link")).isSymbolicLink()).toBe(true);
    expect(fs.readFileSync(join(folder, "real"), "utf8")).toBe("new");
  });

  it("writes into a pipe, and leaves it a pipe", () => {
    const pipe = join(folder, "pipe");
    spawnSync("mkfifo", [pipe]);
    const reader = fs.openSync(pipe, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    writeWhole(pipe, "through");
    const buffer = Buffer.alloc(64);
    expect(buffer.toString("utf8", 0, fs.readSync(reader, buffer))).toBe("through");
    fs.closeSync(reader);
    expect(fs.lstatSync(pipe).isFIFO()).toBe(true);
  });

  it("says why it could not, and leaves nothing behind", () => {
    expect(() => writeWhole(join(folder, "none/a"), "x")).toThrow(/its folder does not exist/);
    expect(() => writeWhole(folder, "x")).toThrow(/is a folder/);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
