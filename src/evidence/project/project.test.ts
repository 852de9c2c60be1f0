import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { kindByContent, kindByName } from "./kind.ts";
import { MAX_SOURCE_BYTES, readSource, sourceOf } from "./read-source.ts";
import { walkProject } from "./walk.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seaworthy-walk-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Record<string, string | Uint8Array>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Paths below the folder that a walk finds, each with its kind. */
function found(): string[] {
  return walkProject(folder).sources.map(({ path, kind }) => `${path.slice(folder.length + 1)} ${kind}`);
}

describe("kindByName", () => {
  it.each([
    ["Dockerfile", "dockerfile"],
    ["build/Dockerfile.dev", "dockerfile"],
    ["app.dockerfile", "dockerfile"],
    ["Containerfile", "dockerfile"],
    ["Dockerfile.dockerignore", null],
    ["Dockerfile.md", "script"],
    ["compose.yaml", "compose"],
    ["docker-compose.prod.yml", "compose"],
    [".github/workflows/ci.yml", "script"],
    ["values.yaml", "yaml"],
    ["Makefile", "script"],
    ["app.service", "script"],
    ["main.go", null],
  ])("%s", (name, kind) => {
    expect(kindByName(name)).toBe(kind);
  });
});

describe("kindByContent", () => {
  it.each([
    ["apiVersion: v1\nkind: Pod\n", "kubernetes"],
    ['{"apiVersion": "v1", "kind": "Pod"}', "kubernetes"],
    ["services:\n  web:\n    image: a\n", "compose"],
    ["# x\nFROM alpine\nRUN true\n", "dockerfile"],
    ["docker run alpine\n", "script"],
    ["hello\n", null],
  ])("%j", (text, kind) => {
    expect(kindByContent(text)).toBe(kind);
  });
});

describe("readSource", () => {
  it("refuses what is no text of a person in one sentence", () => {
    write({ Dockerfile: "FROM a", binary: new Uint8Array([70, 0, 1]), odd: "hello" });
    mkdirSync(join(folder, "sub"));
    execFileSync("mkfifo", [join(folder, "fifo")]);
    const why = (name: string) => {
      const read = readSource(join(folder, name));
      return read.ok ? "" : read.problem.what;
    };
    expect(why("binary")).toBe("is a binary file");
    expect(why("odd")).toContain("is no Dockerfile");
    expect(why("sub")).toBe("is a folder");
    expect(why("fifo")).toBe("is not a plain file");
    expect(why("gone")).toBe("does not exist");
    expect(why("Dockerfile")).toBe("");
  });

  it("refuses what is too large before it reads it", () => {
    const path = join(folder, "Dockerfile");
    execFileSync("truncate", ["-s", String(MAX_SOURCE_BYTES + 1), path]);
    expect(readSource(path)).toMatchObject({ ok: false, problem: { what: "is larger than 10 MiB" } });
  });

  it("judges what is not UTF-8, and remembers not to rewrite it", () => {
    const bytes = Buffer.concat([Buffer.from("FROM a\n# "), Buffer.from([0xe9]), Buffer.from("\n")]);
    expect(sourceOf("Dockerfile", bytes)).toMatchObject({ ok: true, source: { utf8: false } });
    expect(sourceOf("Dockerfile", Buffer.from("FROM a\n# \uFFFD"))).toMatchObject({
      ok: true,
      source: { utf8: true },
    });
  });
});

describe("walkProject", () => {
  it("finds what people write for containers, and nothing else", () => {
    write({
      Dockerfile: "FROM a",
      "deploy/pod.yaml": "apiVersion: v1\nkind: Pod\n",
      "deploy/values.yaml": "a: 1\n",
      "compose.yaml": "services: {}\n",
      "run.sh": "docker run a\n",
      "other.sh": "true\n",
      "main.go": "FROM a",
      "node_modules/x/Dockerfile": "FROM a",
    });
    expect(found()).toEqual([
      "Dockerfile dockerfile",
      "compose.yaml compose",
      "deploy/pod.yaml kubernetes",
      "run.sh script",
    ]);
  });

  it("leaves out what .gitignore files say, the deeper one last", () => {
    write({
      ".gitignore": "out/\n*.dockerfile\n",
      "sub/.gitignore": "!b.dockerfile\n",
      "out/Dockerfile": "FROM a",
      "a.dockerfile": "FROM a",
      "sub/b.dockerfile": "FROM a",
      "sub/c.dockerfile": "FROM a",
    });
    expect(found()).toEqual(["sub/b.dockerfile dockerfile"]);
  });

  it("follows no links, so that a circle cannot hold it", () => {
    write({ "a/Dockerfile": "FROM a" });
    symlinkSync("..", join(folder, "a/up"));
    symlinkSync("Dockerfile", join(folder, "a/Dockerfile.link"));
    expect(found()).toEqual(["a/Dockerfile dockerfile"]);
  });
});
