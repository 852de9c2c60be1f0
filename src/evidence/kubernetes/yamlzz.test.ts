import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dataOf, hasMapAsKey, placeIn } from "./tree.ts";
import { documentRanges, readDocument, type YamlDocument, type YamlMistake } from "./yaml.ts";

function read(text: string): YamlDocument | YamlMistake | null {
  return readDocument(text, { start: 0, end: text.length });
}

function document(text: string): YamlDocument {
  const found = read(text);
  if (found === null || !("root" in found)) throw new Error(JSON.stringify(found));
  return found;
}

const plain = (text: string): unknown => JSON.parse(JSON.stringify(dataOf(document(text))));
const mistake = (text: string): string => {
  const found = read(text);
  return found !== null && "what" in found ? found.what : "";
};

test("documents end where --- begins a line", () => {
  const text = "a: |\n  ---\n---\nb\n--- # c\n---x: 1\n";
  expect(documentRanges(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    "a: |\n  ---\n",
    "---\nb\n",
    "--- # c\n---x: 1\n",
  ]);
});

describe("data", () => {
  test("is read as the tools of Kubernetes do", () => {
    expect(
      plain(
        "{a: yes, b: No, c: 012, d: 0o12, e: 1e3, f: -1.5, g: ~, h: '1', i: on, j: 1_0, k: !!str 5, l: }",
      ),
    ).toEqual({
      a: true,
      b: false,
      c: 10,
      d: 10,
      e: 1000,
      f: -1.5,
      g: null,
      h: "1",
      i: true,
      j: "1_0",
      k: "5",
      l: null,
    });
  });

  test("has what aliases and merge keys bring; own keys go first", () => {
    expect(plain("a: &a {x: 1, y: 2}\nb: *a\nc:\n  <<: *a\n  y: 3\nd:\n  <<: [*a, {z: 4, x: 9}]")).toEqual({
      a: { x: 1, y: 2 },
      b: { x: 1, y: 2 },
      c: { x: 1, y: 3 },
      d: { x: 1, y: 2, z: 4 },
    });
  });

  test("of JSON is that of the parser of JSON", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1, maxLength: 5 }).filter((key) => !/^(?:<<|__proto__)$/.test(key)),
          fc.jsonValue({ maxDepth: 3 }),
        ),
        fc.constantFrom(undefined, 2, "\t"),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          expect(plain(text)).toEqual(JSON.parse(text));
        },
      ),
    );
  });
});

describe("places", () => {
  const text = "a:\n  - name: x\n    b: 1\nc: &c\n  d: {e: f}\ng: *c\nh:\n  <<: *c\n";
  const at = (...path: (string | number)[]): [boolean, string, string] => {
    const { found, key, value } = placeIn(document(text), path);
    return [found, text.slice(key.start, key.end), text.slice(value.start, value.end)];
  };

  test("are those of key and value, through aliases and merge keys", () => {
    expect(at("a", 0, "b")).toEqual([true, "b", "1"]);
    expect(at("c", "d", "e")).toEqual([true, "e", "f"]);
    expect(at("g", "d", "e")).toEqual([true, "e", "f"]);
    expect(at("h", "d", "e")).toEqual([true, "e", "f"]);
    expect(at("g")).toEqual([true, "g", "*c"]);
  });

  test("of what is not there are those of what would hold it", () => {
    expect(at("a", 0, "z", "y")[0]).toBe(false);
    expect(at("c", "d", "z")).toEqual([false, "d", "{e: f}"]);
  });
});

describe("refused", () => {
  test.each([
    ["kind: [", "is not valid YAML"],
    ["a: *b", "has no anchor before it"],
    ["a: &a [*a]", "refers to itself"],
    [`a: ${"[".repeat(1000)}`, "nested too deeply"],
    ["- ".repeat(1000), "nested too deeply"],
    [`a: "${"x".repeat(5 << 20)}"`, "are not read"],
  ])("%.20s…: %s", (text, what) => {
    expect(mistake(text)).toContain(what);
  });

  test("are aliases of aliases, in little time", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
    for (let at = 1; at < 40; at += 1)
      lines.push(
        `a${at}: &a${at} [${Array(9)
          .fill(`*a${at - 1}`)
          .join(", ")}]`,
      );
    expect(mistake(lines.join("\n"))).toContain("aliases of aliases");
  });

  test("is nothing else: no text makes it throw", () => {
    const piece = fc.oneof(
      fc.constantFrom("a: ", "- ", "\n", "  ", "{", "}", "[", "]", "&a ", "*a", "<<: ", "? ", "'", '"'),
      fc.constantFrom("|\n", "#", "\t", "---\n", "!!str "),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const found = read(pieces.join(""));
        const data = found !== null && "root" in found ? dataOf(found) : null;
        expect(typeof JSON.stringify(data)).toBe("string");
      }),
      { numRuns: 6000 },
    );
  });
});

test("a map as key is the trace of a template", () => {
  expect(hasMapAsKey(document("a: {{ .Values.x }}").root)).toBe(true);
  expect(hasMapAsKey(document("a: ['{{ x }}', {b: c}]").root)).toBe(false);
});
