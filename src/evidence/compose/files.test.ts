import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { projectReader } from "./files.ts";
import { isComposeName, isOverlay, isOverride, isRemote, looksLikeCompose, usualOverrides } from "./paths.ts";

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
  ["compose.yaml", true, false, false],
  ["a/docker-compose.yml", true, false, false],
  ["compose.override.yaml", true, true, true],
  ["docker-compose.prod.yml", true, true, false],
  ["compose-dev.yaml", true, true, false],
  ["deployment.yaml", false, false, false],
])("%s", (path, compose, overlay, override) => {
  expect([isComposeName(path), isOverlay(path), isOverride(path)]).toEqual([compose, overlay, override]);
});

it("knows the override beside a file", () => {
  expect(usualOverrides("a/compose.yaml")).toContain("a/docker-compose.override.yml");
  expect(usualOverrides("a/compose.prod.yaml")).toEqual([]);
});

it.each([
  ["services:\n  web:\n    image: a\n", true],
  ["# c\nname: x\nservices: # s\n\n  # w\n  'web': {}\n", true],
  ["services:\n- docker\n", false],
  ["apiVersion: v1\nspec:\n  services: x\n", false],
])("tells a Compose file by its keys: %j", (text, is) => {
  expect(looksLikeCompose(text)).toBe(is);
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
