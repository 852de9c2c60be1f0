import { describe, expect, it } from "vitest";
import { documentKind, isSettingsFile } from "./kind.ts";

const POD = "apiVersion: v1\nkind: Pod\n";
const COMPOSE = "services:\n  web:\n    image: nginx\n";

describe("kind of a document", () => {
  it.each([
    ["dockerfile", "anything", "", "dockerfile"],
    ["Dockerfile", "anything", "", "dockerfile"],
    ["plaintext", "Dockerfile.dev", "", "dockerfile"],
    ["dockercompose", "x.yaml", "", "compose"],
    ["yaml", "compose.yaml", "", "compose"],
    ["yaml", "stack.yml", COMPOSE, "compose"],
    ["yaml", "pod.yml", POD, "kubernetes"],
    ["helm", "pod", POD, "kubernetes"],
    ["yaml", "x.yml", "a: docker run --privileged x\n", null],
    ["yaml", ".github/workflows/ci.yml", "", "script"],
    ["json", "pod.json", '{"apiVersion": "v1", "kind": "Pod"}', "kubernetes"],
    ["shellscript", "x", "", "script"],
    ["sh", "x", "", "script"],
    ["makefile", "x", "", "script"],
    ["markdown", "README.md", "", "script"],
    ["plaintext", "notes.txt", "FROM alpine\n", null],
    ["constructor", "x", "", null],
    ["typescript", "x.ts", "docker run x", null],
  ] as const)("%s %s %j: %s", (language, path, text, kind) => {
    expect(documentKind(language, path, text)).toBe(kind);
  });

  it.each([
    ["seaworthy.yaml", true],
    ["a/.seaworthy.yaml", true],
    ["/x/.hadolint.yml", true],
    [".dockerignore", true],
    ["Dockerfile.dockerignore", true],
    ["x.yaml", false],
    ["", false],
  ])("%s holds settings: %s", (path, holds) => {
    expect(isSettingsFile(path)).toBe(holds);
  });
});
