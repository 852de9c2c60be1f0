import fc from "fast-check";
import { expect, test } from "vitest";
import { snippetOf } from "./snippet.ts";

test("offsets lead back to the file", () => {
  const file = "$ docker run \\\n> nginx $$X";
  const { text, origin } = snippetOf(file, [
    { start: 2, end: 15 },
    { start: 17, end: 23 },
    { start: 24, end: 26 },
  ]);
  expect(text).toBe("docker run \\\nnginx $X");
  expect([...text].every((sign, at) => file.charAt(origin(at)) === sign)).toBe(true);
  expect(origin(text.length)).toBe(file.length);
});

test("line ends of Windows are line ends", () => {
  const { text, origin } = snippetOf("a\\\r\nb\r\n", [{ start: 0, end: 7 }]);
  expect(text).toBe("a\\\nb\n");
  expect([origin(0), origin(2), origin(3)]).toEqual([0, 3, 4]);
});

test("what stands in place of something else begins where that does", () => {
  const { text, origin } = snippetOf("a{{b}}c", [
    { start: 0, end: 1 },
    { start: 1, end: 6, text: "${__}" },
    { start: 6, end: 7 },
  ]);
  expect(text).toBe("a${__}c");
  expect([origin(0), origin(1), origin(6), origin(7)]).toEqual([0, 1, 6, 7]);
});

test("every sign comes from where it stands, however the file is cut", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.nat(40)), (file, cuts) => {
      const inside = cuts.filter((cut) => cut <= file.length);
      const places = [...new Set([0, ...inside, file.length])].toSorted((a, b) => a - b);
      const pieces = places
        .slice(1)
        .flatMap((end, at) => (at % 2 === 0 ? [{ start: places[at] ?? 0, end }] : []));
      const { text, origin } = snippetOf(file, pieces);
      for (let at = 0; at < text.length; at += 1) expect(file.charAt(origin(at))).toBe(text.charAt(at));
    }),
  );
});
