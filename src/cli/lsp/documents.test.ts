import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_SOURCE_BYTES } from "#evidence/project/read-source.ts";
import { documents } from "./documents.ts";

const URI = "file:///Dockerfile";

function opened(text: string) {
  const said: string[] = [];
  const open = documents((sentence) => said.push(sentence));
  open.open({ textDocument: { uri: URI, languageId: "dockerfile", version: 1, text } });
  const change = (contentChanges: unknown, version: unknown = 2) =>
    open.change({ textDocument: { uri: URI, version }, contentChanges });
  return { open, said, change, text: () => open.get(URI)?.getText() ?? null };
}

describe("documents", () => {
  it("follow the changes of an editor", () => {
    const { change, text, open } = opened("FROM a\nRUN b\n");
    change([
      { range: { start: { line: 1, character: 4 }, end: { line: 1, character: 5 } }, text: "😀" },
      { range: { start: { line: 1, character: 6 }, end: { line: 1, character: 6 } }, text: "!" },
    ]);
    expect(text()).toBe("FROM a\nRUN 😀!\n");
    expect(open.get(URI)?.version).toBe(2);
  });

  it("are what inserting and deleting make of the text", () => {
    const edit = fc.record({ at: fc.nat(60), length: fc.nat(10), text: fc.string({ maxLength: 6 }) });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "bc", "\n"), { maxLength: 20 }),
        fc.array(edit),
        (parts, edits) => {
          const { change, text, open } = opened(parts.join(""));
          let wanted = parts.join("");
          for (const { at, length, text: inserted } of edits) {
            const document = open.get(URI);
            const start = Math.min(at, wanted.length);
            const end = Math.min(start + length, wanted.length);
            change([
              {
                range: { start: document?.positionAt(start), end: document?.positionAt(end) },
                text: inserted,
              },
            ]);
            wanted = wanted.slice(0, start) + inserted + wanted.slice(end);
          }
          expect(text()).toBe(wanted);
        },
      ),
    );
  });

  it("are given up when a change makes no sense, until the whole text comes", () => {
    const { change, text, said } = opened("FROM a\n");
    change([{ range: { start: { line: -1, character: 0 } }, text: "x" }]);
    expect(text()).toBeNull();
    expect(said).toEqual([expect.stringContaining("open it again")]);
    change([{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: "x" }]);
    expect(text()).toBeNull();
    change([{ text: "FROM b\n" }, { range: null, text: "FROM c\n" }]);
    expect(text()).toBe("FROM c\n");
  });

  it("that are too large are refused", () => {
    const { change, text, said } = opened("x".repeat(MAX_SOURCE_BYTES + 1));
    expect(text()).toBeNull();
    change([{ text: "y" }]);
    expect(text()).toBe("y");
    expect(said).toEqual([expect.stringContaining("is larger than 10 MiB")]);
  });

  it("are known by messages of the right shape only", () => {
    const { open, change } = opened("a");
    for (const params of [null, 1, [], {}, { textDocument: null }, { textDocument: { uri: 1, text: "x" } }]) {
      expect(open.open(params)).toBeNull();
      expect(open.change(params)).toBeNull();
      expect(open.close(params)).toBeNull();
    }
    change("x", "y");
    expect(open.uris()).toEqual([URI]);
    expect(open.close({ textDocument: { uri: URI } })).toBe(URI);
    expect(open.uris()).toEqual([]);
  });
});
