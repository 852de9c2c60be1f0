import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { at, textOf, textsOf } from "./tree.ts";
import { readYaml } from "./yaml.ts";

const lookup = (): undefined => undefined;
const read = (text: string) => {
  const { documents, problems } = readYaml("compose.yaml", text, lookup);
  return { root: documents[0] ?? null, problems: problems.map(({ message }) => message), documents };
};

describe("readYaml", () => {
  it("knows where everything stands", () => {
    const text = "services:\n  web:\n    image: nginx # c\n";
    const node = at(read(text).root, "services", "web", "image");
    expect(text.slice(node?.place.start, node?.place.end)).toBe("nginx");
  });

  it("follows aliases and merge keys, and says what is shared", () => {
    const { root, problems } = read("x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: {<<: [{a: 9}, *x]}\nw: *x\n");
    expect(problems).toEqual([]);
    expect(textOf(at(root, "y", "a"))).toBe("1");
    expect(textOf(at(root, "y", "b"))).toBe("3");
    expect(textOf(at(root, "z", "a"))).toBe("9");
    expect(textOf(at(root, "z", "b"))).toBe("2");
    expect(at(root, "w", "a")?.place.shared).toBe(true);
    expect(at(root, "y", "b")?.place.shared).toBe(false);
  });

  it("keeps the text of a value beside what its variables make of it", () => {
    const node = at(read("image: app:${TAG:-1}\n").root, "image");
    expect(node).toMatchObject({ written: "app:${TAG:-1}", value: "app:1" });
  });

  it("knows the tags of overrides", () => {
    const { root, problems } = read("a: !reset []\nb: !override {c: 1}\nd: !reset null\n");
    expect(problems).toEqual([]);
    expect([at(root, "a")?.tag, at(root, "b")?.tag, at(root, "d")?.tag]).toEqual([
      "reset",
      "override",
      "reset",
    ]);
  });

  it("takes 22:22, yes and 08 as Compose does: as text", () => {
    const { root } = read("a: [22:22, yes, on]\n");
    expect(textsOf(at(root, "a"))).toEqual(["22:22", "yes", "on"]);
    expect(at(root, "a")).toMatchObject({ items: [{ value: "22:22" }, { value: "yes" }, { value: "on" }] });
  });

  it.each([
    ["a: 1\na: 2\n", "a second time"],
    ["a: *nope\n", "*nope has no anchor"],
    ["a: &a [*a]\n", "within its own anchor"],
    ["a:\n\tb: 1\n", "Tabs"],
    ["a: [1\n", "Flow sequence"],
    ["? [a]\n: b\n", "a key must be a plain text"],
    [`a: ${"[".repeat(500)}`, "levels deep"],
    [`${"- ".repeat(500)}x`, "levels deep"],
    [" ".repeat(600_000), "characters"],
  ])("finds fault with %j", (text, message) => {
    expect(read(text).problems.join("; ")).toContain(message);
  });

  it("reads on behind a mistake", () => {
    const { root, problems } = read("services:\n  web:\n    image: nginx\n    a: b: c\nnetworks: {n: {}}\n");
    expect(problems.length).toBeGreaterThan(0);
    expect(textOf(at(root, "services", "web", "image"))).toBe("nginx");
  });

  it("refuses alias bombs, wide and deep, at once", () => {
    const wide = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
    for (let i = 0; i < 12; i += 1) {
      const [mine, before] = [`b${i}`, i === 0 ? "a" : `b${i - 1}`];
      wide.push(`${mine}: &${mine} [${`*${before}, `.repeat(10)}]`);
    }
    const deep = ["a0: &a0 [x]"];
    for (let i = 1; i < 2000; i += 1) deep.push(`a${i}: &a${i} [*a${i - 1}]`);
    const merges = ["m0: &m0 {a: 1}"];
    for (let i = 1; i < 25; i += 1)
      merges.push(`m${i}: &m${i}\n  a: {<<: *m${i - 1}}\n  b: {<<: *m${i - 1}}`);
    const start = performance.now();
    for (const lines of [wide, deep, merges]) {
      expect(read(lines.join("\n")).problems.join("; ")).toContain("unfold to more than");
    }
    expect(performance.now() - start).toBeLessThan(4000);
  });

  it("takes several documents", () => {
    expect(read("a: 1\n---\nb: 2\n").documents).toHaveLength(2);
  });

  it("never throws, whatever stands there", () => {
    const piece = fc.constantFrom(
      "services",
      ":",
      " ",
      "\n",
      "  ",
      "- ",
      "[",
      "]",
      "{",
      "}",
      "&a ",
      "*a",
      "<<: ",
      "|",
      ">",
      "'",
      '"',
      "#",
      "!reset ",
      "? ",
      "${",
      "}",
      "$",
      "\t",
      "\r\n",
      "---\n",
      "x",
      "1",
      ",",
      "\0",
      "%",
      "@",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (parts) => {
        expect(readYaml("c.yaml", parts.join(""), lookup).problems.length).toBeLessThanOrEqual(20);
      }),
      { numRuns: 300 },
    );
  });
});
