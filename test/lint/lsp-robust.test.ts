import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Editor, startEditor } from "./editor.ts";

const DOCKERFILE = "FROM debian:12.5\nRUN apt-get install curl\nUSER 1000\nCMD npm start\n";
let folder: string;
let editor: Editor;
let uri: string;

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "seaworthy-lsp-"));
  editor = startEditor();
  uri = pathToFileURL(join(folder, "Dockerfile")).href;
});
afterEach(() => {
  editor.process.kill("SIGKILL");
  fs.rmSync(folder, { recursive: true });
});

describe("the end", () => {
  it("is 0 after shutdown and exit", async () => {
    await editor.initialize(folder);
    await editor.connection.sendRequest("shutdown");
    await expect(editor.hover(uri, 0, 0)).rejects.toThrow(/shut down/);
    await editor.connection.sendNotification("exit");
    expect(await editor.ended).toBe(0);
  });

  it("is 1 if the editor goes away", async () => {
    await editor.initialize(folder);
    await editor.open(uri, DOCKERFILE);
    editor.process.stdin.end();
    expect(await editor.ended).toBe(1);
  });
});

describe("messages that are wrong", () => {
  const METHODS = [
    "initialize",
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didSave",
    "textDocument/didClose",
    "textDocument/codeAction",
    "textDocument/hover",
    "workspace/didChangeConfiguration",
    "workspace/didChangeWorkspaceFolders",
    "workspace/didChangeWatchedFiles",
    "$/cancelRequest",
    "$/setTrace",
    "nothing/known",
  ];
  const raw = (text: string): void => {
    editor.process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  const alive = async (): Promise<void> => {
    expect(await editor.hover(uri, 3, 6)).toContain("SW-DF-SHELL-FORM");
  };

  it("before initialize are refused", async () => {
    await expect(editor.hover(uri, 0, 0)).rejects.toThrow(/initialize comes first/);
    await editor.initialize(folder);
    await expect(editor.initialize(folder)).rejects.toThrow(/once/);
  });

  it("do not end the server", async () => {
    await editor.initialize(folder);
    await editor.open(uri, DOCKERFILE);
    for (const text of [
      "",
      "{",
      "null",
      "[]",
      "[{}]",
      "1",
      '"x"',
      "{}",
      '{"id":1}',
      '{"method":1,"id":{}}',
    ]) {
      raw(text);
    }
    raw("[".repeat(100_000));
    raw(
      `{"jsonrpc":"2.0","method":"textDocument/hover","id":9,"params":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`,
    );
    for (const method of METHODS) {
      for (const params of ["null", "[]", "1", "{}", '{"id":null}', '{"textDocument":[],"position":{}}']) {
        raw(`{"jsonrpc":"2.0","method":"${method}","params":${params}}`);
        raw(`{"jsonrpc":"2.0","id":"x","method":"${method}","params":${params}}`);
      }
      raw(`{"jsonrpc":"2.0","method":"${method}"}`);
    }
    editor.process.stdin.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    editor.process.stdin.write(`Content-Length: 99999999\r\n\r\n${"x".repeat(99_999_999)}`);
    await alive();
    expect(editor.log()).toContain("longer than");
  });

  it("of any shape do not end the server", async () => {
    await editor.initialize(folder);
    const range = fc.record({
      start: fc.record({ line: fc.nat(9), character: fc.nat(99) }),
      end: fc.record({ line: fc.nat(9), character: fc.nat(99) }),
    });
    const params = fc.oneof(
      fc.jsonValue(),
      fc.record({
        textDocument: fc.record({
          uri: fc.oneof(fc.constant(uri), fc.webUrl(), fc.string()),
          version: fc.oneof(fc.integer(), fc.jsonValue()),
          languageId: fc.constantFrom("dockerfile", "yaml", "markdown", ""),
          text: fc.oneof(fc.constant(DOCKERFILE), fc.string({ unit: "binary" })),
        }),
        contentChanges: fc.array(fc.oneof(fc.record({ range, text: fc.string() }), fc.jsonValue())),
        range,
        position: fc.record({ line: fc.double(), character: fc.nat() }),
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...METHODS), params, fc.boolean(), (method, value, asks) => {
        raw(JSON.stringify({ jsonrpc: "2.0", method, params: value, ...(asks ? { id: 77 } : {}) }));
        expect(editor.process.exitCode).toBeNull();
      }),
      { numRuns: 500 },
    );
    await editor.open(uri, DOCKERFILE);
    await alive();
  });
});
