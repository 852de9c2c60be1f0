import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
let copy = "";

// The script writes beside itself, so it runs in a copy that shares the sources.
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "seaworthy-schemas-"));
  cpSync(join(root, "scripts"), join(copy, "scripts"), { recursive: true });
  for (const name of ["src", "node_modules", "package.json"]) symlinkSync(join(root, name), join(copy, name));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function run(folder: string, ...args: string[]) {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/generate-schemas.mjs", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stderr };
}

describe("generate-schemas", () => {
  it("finds the schemas of this repository fresh", () => {
    expect(run(root, "--check")).toEqual({ status: 0, stderr: "" });
  });

  it("fails on a missing or stale file, without writing it, and writes what it then finds fresh", () => {
    const path = join(copy, "schemas/policy.schema.json");
    const stale = {
      status: 1,
      stderr: expect.stringContaining("schemas/policy.schema.json is stale") as string,
    };
    expect(run(copy, "--check")).toEqual(stale);
    expect(run(copy)).toEqual({ status: 0, stderr: "" });
    expect(run(copy, "--check")).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(readFileSync(path, "utf8"))).toHaveProperty(["properties", "failOn"]);
    writeFileSync(path, "{}\n");
    expect(run(copy, "--check")).toEqual(stale);
    expect(readFileSync(path, "utf8")).toBe("{}\n");
  });
});
