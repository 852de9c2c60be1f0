import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CodeAction } from "vscode-languageserver-protocol/node";
import { edited, type Editor, startEditor } from "./editor.ts";

const DOCKERFILE = "FROM debian:12.5\nRUN apt-get install curl\nUSER 1000\nCMD npm start\n";
let folder: string;
let editor: Editor;
let uri: string;

beforeEach(async () => {
  folder = fs.mkdtempSync(join(tmpdir(), "seaworthy-lsp-"));
  editor = startEditor(["--stdio"]);
  uri = pathToFileURL(join(folder, "Dockerfile")).href;
});
afterEach(() => {
  editor.process.kill("SIGKILL");
  fs.rmSync(folder, { recursive: true });
});

const initialize = (changes?: object) => editor.initialize(folder, changes);
const open = (text: string, languageId?: string, address = uri) => editor.open(address, text, languageId);
const hover = (line: number, character: number) => editor.hover(uri, line, character);

async function type(text: string, line: number, character: number, version: number): Promise<void> {
  const place = { line, character };
  await editor.connection.sendNotification("textDocument/didChange", {
    textDocument: { uri, version },
    contentChanges: [{ range: { start: place, end: place }, text }],
  });
}

function actions(line: number, character: number, only?: string[]): Promise<CodeAction[]> {
  const place = { line, character };
  return editor.connection.sendRequest("textDocument/codeAction", {
    textDocument: { uri },
    range: { start: place, end: place },
    context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
  });
}

const STRICT = { initializationOptions: { preset: "strict" } };
const codes = (found: readonly { code?: number | string }[]) => found.map(({ code }) => code);

describe("a document", () => {
  it("is judged when it is opened, with places, severities and pages of rules", async () => {
    await initialize();
    await open(DOCKERFILE);
    const found = await editor.diagnostics(uri);
    expect(found.find(({ code }) => code === "SW-DF-SHELL-FORM")).toMatchObject({
      range: { start: { line: 3, character: 4 }, end: { line: 3, character: 13 } },
      severity: expect.any(Number),
      source: "seaworthy",
      message: expect.stringContaining("npm start"),
      codeDescription: {
        href: expect.stringMatching(/^https:\/\/.*\/docs\/rules\/SW-DF-SHELL-FORM\.md$/),
      },
    });
    expect(editor.published).toHaveLength(1);
    expect(editor.published[0]).toMatchObject({ uri, version: 1 });
  });

  it("is judged anew after typing has paused, once, with the version it holds for", async () => {
    await initialize();
    await open("FROM debian:12.5\nCMD npm start\n");
    expect(codes(await editor.diagnostics(uri))).toContain("SW-DF-SHELL-FORM");
    let version = 1;
    for (const [at, letter] of [..."# "].entries()) await type(letter, 1, at, (version += 1));
    const found = await editor.diagnostics(uri, (params) => params.version === version);
    expect(codes(found)).not.toContain("SW-DF-SHELL-FORM");
    expect(editor.published.map((params) => params.version)).toEqual([1, version]);
  });

  it("counts in UTF-16 units, and lines as the editor does", async () => {
    await initialize(STRICT);
    await open("# 😀\r\nFROM debian:12.5\r\nRUN echo 😀😀; cd /tmp && ls\r\n");
    const found = await editor.diagnostics(uri);
    const start = "RUN echo 😀😀; ".length;
    expect(found.find(({ code }) => code === "SW-DF-CD")?.range.start).toEqual({ line: 2, character: start });
  });

  it("loses its findings when it is closed", async () => {
    await initialize();
    await open(DOCKERFILE);
    await editor.diagnostics(uri);
    await editor.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    expect(await editor.diagnostics(uri, ({ version }) => version === undefined)).toEqual([]);
  });

  it("is told from others by language, name and content", async () => {
    await initialize();
    const kinds: [string, string, string, boolean][] = [
      ["Dockerfile", "plaintext", DOCKERFILE, true],
      ["x", "dockerfile", DOCKERFILE, true],
      ["x.txt", "plaintext", DOCKERFILE, false],
    ];
    for (const [name, language, text, judged] of kinds) {
      const address = pathToFileURL(join(folder, name)).href;
      await open(text, language, address);
      expect((await editor.diagnostics(address)).length > 0).toBe(judged);
    }
  });

  it("need not lie on a disk", async () => {
    await initialize();
    uri = "untitled:Untitled-1";
    await open(DOCKERFILE);
    expect(codes(await editor.diagnostics(uri))).toContain("SW-DF-SHELL-FORM");
  });

  it("that is too large is passed over, until it is small again", async () => {
    await initialize();
    await open(`FROM debian:12.5\nCMD npm start\n${"#".repeat(11 << 20)}`);
    expect(await editor.diagnostics(uri)).toEqual([]);
    await editor.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text: DOCKERFILE }],
    });
    expect(codes(await editor.diagnostics(uri, ({ version }) => version === 2))).toContain(
      "SW-DF-SHELL-FORM",
    );
    expect(editor.log()).toContain("larger than 10 MiB");
  });
});

describe("code actions", () => {
  it("mend a finding, and only what they say", async () => {
    await initialize();
    const document = await open(DOCKERFILE);
    const mend = (await actions(3, 6)).find(({ isPreferred }) => isPreferred);
    expect(mend).toMatchObject({ kind: "quickfix", diagnostics: [{ code: "SW-DF-SHELL-FORM" }] });
    const after = edited(document, mend?.edit);
    expect(after).toMatch(/^FROM debian:12\.5\nRUN apt-get install curl\nUSER 1000\nCMD \[.*\]\n$/);
    await editor.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text: after }],
    });
    const found = await editor.diagnostics(uri, ({ version }) => version === 2);
    expect(codes(found)).not.toContain("SW-DF-SHELL-FORM");
  });

  it("say which of them may change behaviour, and never prefer these", async () => {
    await initialize(STRICT);
    await open("FROM debian:12.5\nRUN cd /tmp && ls\n");
    const offered = await actions(1, 5);
    const unsafe = offered.filter(({ title }) => title.endsWith("(may change behaviour)"));
    expect(unsafe.length).toBeGreaterThan(0);
    for (const { isPreferred } of unsafe) expect(isPreferred).toBeUndefined();
  });

  it("mend all that is safe, as --fix does", async () => {
    await initialize();
    const document = await open(`${DOCKERFILE}# kept\n`);
    const [all, ...more] = await actions(0, 0, ["source.fixAll"]);
    expect(more).toEqual([]);
    expect(all).toMatchObject({ kind: "source.fixAll.seaworthy" });
    const after = edited(document, all?.edit);
    expect(after).toMatch(/\nCMD \[.*\]\n# kept\n$/);
    const [change] = all?.edit?.documentChanges ?? [];
    expect(change).toMatchObject({ textDocument: { uri, version: 1 } });
  });

  it.each([
    ["a plain line", "FROM debian:12.5\nCMD npm start\n", 1, 4, /^FROM debian:12\.5\n# seaworthy ignore=/],
    [
      "a continued line",
      "FROM debian:12.5\r\nRUN true && \\\r\n  cd /tmp && ls\r\n",
      2,
      4,
      /\r\n# seaw.*\r\nRUN/,
    ],
  ])("accept a finding with a comment: %s", async (_what, text, line, character, shape) => {
    await initialize(STRICT);
    const document = await open(text);
    const before = codes(await editor.diagnostics(uri));
    const accept = (await actions(line, character)).find(({ title }) => title.startsWith("Accept "));
    const after = edited(document, accept?.edit);
    expect(after).toMatch(shape);
    expect(after).toContain('reason="');
    await editor.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text: after }],
    });
    const left = codes(await editor.diagnostics(uri, ({ version }) => version === 2));
    expect(left).toHaveLength(before.length - 1);
    expect(accept?.title).not.toContain(String(left[0]));
  });

  it.each([
    [
      "Compose file",
      "compose.yaml",
      "yaml",
      "services:\n  web:\n    image: nginx:1.27\n    privileged: true\n",
      3,
      /\n    # seaworthy ignore=.*\n    privileged: true\n$/,
    ],
    [
      "Dockerfile in a Compose file",
      "compose.yaml",
      "yaml",
      "services:\n  web:\n    build:\n      dockerfile_inline: |\n        FROM debian:12.5\n        USER 1000\n        CMD npm start\n",
      6,
      /\n      # seaworthy ignore=.*\n      dockerfile_inline: \|\n        FROM/,
    ],
    [
      "manifest",
      "pod.yaml",
      "yaml",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  hostPID: true\n  containers:\n  - name: a\n    image: nginx:1.27\n",
      4,
      /\n  # seaworthy ignore=.*\n  hostPID: true\n/,
    ],
    [
      "run line over several lines",
      "start.sh",
      "shellscript",
      "#!/bin/sh\ndocker run \\\n  --privileged \\\n  nginx:1.27\n",
      2,
      /^#!\/bin\/sh\n# seaworthy ignore=.*\ndocker run/,
    ],
    [
      "run line in Markdown",
      "README.md",
      "markdown",
      "# Start\n\n```sh\ndocker run --privileged nginx:1.27\n```\n",
      3,
      /\n```sh\n# seaworthy ignore=.*\ndocker run/,
    ],
  ])("accept a finding of a %s with a comment", async (_what, name, language, text, line, shape) => {
    await initialize(STRICT);
    uri = pathToFileURL(join(folder, name)).href;
    const document = await open(text, language);
    const before = await editor.diagnostics(uri);
    const middle = Math.ceil((text.split("\n")[line]?.length ?? 0) * 0.7);
    const accept = (await actions(line, middle)).find(({ title }) => title.startsWith("Accept "));
    const after = edited(document, accept?.edit);
    expect(after).toMatch(shape);
    await editor.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text: after }],
    });
    const left = await editor.diagnostics(uri, ({ version }) => version === 2);
    expect(left.length).toBeLessThan(before.length);
  });

  it("are none for an editor that knows commands only", async () => {
    await initialize({ capabilities: {} });
    await open(DOCKERFILE);
    expect(await actions(3, 6)).toEqual([]);
  });
});

describe("hover", () => {
  it("tells the rule, the risk, the countermeasure, the fix and where it is written", async () => {
    await initialize();
    await open(DOCKERFILE);
    const text = await hover(3, 6);
    expect(text).toContain("SW-DF-SHELL-FORM");
    expect(text).toContain("DL3025");
    for (const label of ["Risk", "Countermeasure", "Fix"]) expect(text).toContain(`**${label}:**`);
    expect(text).toMatch(/\]\(https:\/\//);
    expect(await hover(2, 0)).toBe("");
  });

  it("is plain text for an editor that shows no Markdown", async () => {
    await initialize({
      capabilities: { textDocument: { hover: { contentFormat: ["plaintext"] } } },
    });
    await open(DOCKERFILE);
    expect(await hover(3, 6)).toMatch(/\nRisk: /);
  });
});

describe("settings", () => {
  const write = (name: string, text: string) => fs.writeFileSync(join(folder, name), text);
  const tell = (name: string) =>
    editor.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: pathToFileURL(join(folder, name)).href, type: 2 }],
    });

  it("of seaworthy.yaml and .hadolint.yaml hold, and are read again when they change", async () => {
    write("seaworthy.yaml", "rules:\n  SW-DF-SHELL-FORM: off\n");
    await initialize();
    await open(DOCKERFILE);
    expect(codes(await editor.diagnostics(uri))).not.toContain("SW-DF-SHELL-FORM");
    write("seaworthy.yaml", "rules: {}\n");
    await tell("seaworthy.yaml");
    await editor.diagnostics(uri, ({ diagnostics }) => codes(diagnostics).includes("SW-DF-SHELL-FORM"));
    const count = editor.published.length;
    write(".hadolint.yaml", "ignored: [DL3025]\n");
    await tell(".hadolint.yaml");
    await editor.diagnostics(
      uri,
      (params) =>
        editor.published.indexOf(params) >= count && !codes(params.diagnostics).includes("SW-DF-SHELL-FORM"),
    );
  });

  it("with a mistake are told to the user, once", async () => {
    write("seaworthy.yaml", "rulse: {}\n");
    await initialize();
    await open(DOCKERFILE);
    await editor.diagnostics(uri);
    await type(" ", 0, 0, 2);
    await editor.diagnostics(uri, ({ version }) => version === 2);
    expect(editor.shown).toEqual([expect.stringMatching(/^seaworthy: .*seaworthy\.yaml:1.*rulse/)]);
  });

  it("of the editor choose the preset", async () => {
    await initialize(STRICT);
    await open("FROM debian:12.5\nRUN apt-get install -y --no-install-recommends curl\n");
    expect(codes(await editor.diagnostics(uri))).toContain("SW-DF-APT-PIN");
    const count = editor.published.length;
    const settings = { seaworthy: { preset: "recommended" } };
    await editor.connection.sendNotification("workspace/didChangeConfiguration", { settings });
    const found = await editor.diagnostics(uri, (params) => editor.published.indexOf(params) >= count);
    expect(codes(found)).not.toContain("SW-DF-APT-PIN");
  });
});
