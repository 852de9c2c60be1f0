import { describe, expect, it } from "vitest";
import { readYaml } from "./yaml.ts";

function mistakes(text: string): string[] {
  const yaml = readYaml(text);
  return yaml.mistakes.map(({ offset, what }) => {
    const { line, column } = yaml.position(offset);
    return `${line}:${column} ${what}`;
  });
}

describe("readYaml", () => {
  it("knows where keys and values stand, also behind aliases", () => {
    const text = "a: &x\n  b: [10, 20]\nc: *x\n";
    const yaml = readYaml(text);
    const at = (path: (string | number)[], part?: "key" | "value") =>
      yaml.position(yaml.offsetOf(path, part));
    expect(yaml.data).toEqual({ a: { b: [10, 20] }, c: { b: [10, 20] } });
    expect(at(["a", "b"], "key")).toEqual({ line: 2, column: 3 });
    expect(at(["a", "b", 1])).toEqual({ line: 2, column: 11 });
    expect(at(["c", "b", 1])).toEqual({ line: 2, column: 11 });
    expect(yaml.has(["a", "b", 1])).toBe(true);
    expect(yaml.has(["a", "z"])).toBe(false);
    expect(at(["a", "z"])).toEqual({ line: 2, column: 3 });
  });

  it.each([
    ["a: 1\nb: 2\na: 3", '3:1 key "a" stands twice, first on line 1'],
    ["r:\n  x: { k: 1, k: 2 }", '2:14 key "k" stands twice, first on line 2'],
    ["a: *x", "1:4 alias *x has no anchor &x before it"],
    ["a: *x\nb: &x 1", "1:4 alias *x has no anchor &x before it"],
    ["a: 1\n---\nb: 1", "2:1 a second document starts here; a policy is one document without ---"],
    ["a:\n\tb: 1", "2:1 a tab indents this line; use spaces"],
    ["? [a]\n: 1", "1:3 a key must be plain text"],
    ["a: !!js/function x", "1:4 is not valid YAML: unresolved tag: tag:yaml.org,2002:js/function"],
    ["a: !!timestamp 2026-12-31", "1:4 is not valid YAML: unresolved tag: tag:yaml.org,2002:timestamp"],
    ["a: 'x", "1:6 is not valid YAML: missing closing 'quote"],
  ])("%j: %s", (text, expected) => {
    expect(mistakes(text)).toEqual([expected]);
  });

  it("refuses what aliases would blow up", () => {
    const bomb = Array.from({ length: 12 }, (_, at) =>
      at === 0 ? "a0: &a0 [x, x]" : `a${at}: &a${at} [${`*a${at - 1}, `.repeat(9)}]`,
    ).join("\n");
    expect(mistakes(bomb)).toEqual(["1:1 uses too many aliases (*name)"]);
  });

  it.each([
    ["[", 1 << 20],
    ["{a: ", 1 << 18],
    ["- ", 1 << 19],
    ["? ", 1 << 19],
  ])("refuses %j nested without end, before the stack does", (opening, times) => {
    expect(mistakes(opening.repeat(times))).toEqual([expect.stringMatching(/^1:\d+ is nested too deeply$/)]);
  });

  it("refuses indentation without end", () => {
    const text = Array.from({ length: 1400 }, (_, at) => `${" ".repeat(at)}a:\n`).join("");
    expect(mistakes(text)).toEqual([expect.stringMatching(/^\d+:\d+ is nested too deeply$/)]);
  });

  it("reads a list that is longer than the stack", () => {
    expect((readYaml("- a\n".repeat(130_000)).data as unknown[]).length).toBe(130_000);
  });

  it("follows an alias within its own anchor no further than it is asked", () => {
    const yaml = readYaml("a: &a [*a]");
    expect(yaml.mistakes).toEqual([]);
    expect(yaml.has(["a", 0, 0, 0])).toBe(true);
  });
});
