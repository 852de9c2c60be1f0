import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { projectReader } from "./files.ts";
import { isOverlay, isOverride, isRemote, usualOverrides } from "./paths.ts";

const root = mkdtempSync(join(tmpdir(), "compose-"));
const project = join(root, "project");
mkdirSync(join(project, "sub"), { recursive: true });
writeFileSync(join(root, "outside"), "secret");
writeFileSync(join(project, "sub", "in"), "text");
writeFileSync(join(project, "big"), "x".repeat(600 << 10));
symlinkSync(join(root, "outside"), join(project, "link"));
symlinkSync("loop", join(project, "loop"));
execFileSync("mkfifo", [join(project, "pipe")]);
afterAll(() => rmSync(root, { recursive: true }));

it("reads what lies in the project", () => {
  expect(projectReader(project)(join(project, "sub", "in"))).toBe("text");
});

it.each(["../outside", "link", "loop", "pipe", "big", "sub", "gone", "a\0b"])("does not read %j", (name) => {
  expect(projectReader(project)(join(project, name))).toBeNull();
});

it("reads nothing without a project", () => {
  expect(projectReader(join(root, "gone"))(join(project, "sub", "in"))).toBeNull();
});

it.each([
  ["compose.yaml", false, false],
  ["a/docker-compose.yml", false, false],
  ["compose.override.yaml", true, true],
  ["docker-compose.prod.yml", true, false],
  ["compose-dev.yaml", true, false],
  ["deployment.yaml", false, false],
])("%s", (path, overlay, override) => {
  expect([isOverlay(path), isOverride(path)]).toEqual([overlay, override]);
});

it("knows the override beside a file", () => {
  expect(usualOverrides("a/compose.yaml")).toContain("a/docker-compose.override.yml");
  expect(usualOverrides("a/compose.prod.yaml")).toEqual([]);
});

it.each([
  ["https://github.com/a/b.git#x", true],
  ["git@github.com:a/b.git", true],
  ["oci://x/y", true],
  ["./a:b", false],
  ["C:\\x", false],
])("%s", (path, remote) => {
  expect(isRemote(path)).toBe(remote);
});
