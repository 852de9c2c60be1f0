import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Dockerfile, Instruction } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import { parseDockerfile } from "./parse.ts";
import { SEEDS } from "./testing.ts";

// Real files, where there are any: SEAWORTHY_CORPUS, or the folder beside the project.
const CORPUS = join(
  process.env["SEAWORTHY_CORPUS"] ?? join(import.meta.dirname, "../../../../shared/corpus"),
  "lint/dockerfiles",
);
const REAL = existsSync(CORPUS)
  ? readdirSync(CORPUS).map((name) => readFileSync(join(CORPUS, name), "utf8"))
  : [];

function ranges({ instructions, comments, directives }: Dockerfile): Range[] {
  return [...instructions, ...comments.filter(({ inside }) => !inside), ...directives]
    .map(({ range }) => range)
    .toSorted((a, b) => a.start - b.start);
}

/** Stretches of the text that stand in no node although they hold more than blanks, or in two. */
function lostOrDoubled(dockerfile: Dockerfile): string[] {
  const { text } = dockerfile;
  const faults: string[] = [];
  let at = 0;
  for (const { start, end } of [...ranges(dockerfile), { start: text.length, end: text.length }]) {
    if (start < at) faults.push(`twice: ${text.slice(start, at)}`);
    else if (/[^\s\u0085]/.test(text.slice(at, start))) faults.push(`lost: ${text.slice(at, start)}`);
    at = end;
  }
  return faults;
}

function allRanges(instruction: Instruction): Range[] {
  const { words, flags, pairs, heredocs, gaps, shell, trigger, from } = instruction;
  return [
    instruction.range,
    instruction.headRange,
    instruction.keywordRange,
    ...[...words, ...flags, ...pairs, ...heredocs].map(({ range }) => range),
    ...flags.flatMap(({ valueRange }) => valueRange ?? []),
    ...pairs.flatMap(({ name, value }) => [name.range, ...(value === null ? [] : [value.range])]),
    ...heredocs.map(({ bodyRange }) => bodyRange),
    ...gaps,
    ...(from === null ? [] : [from.image.range, from.as?.range ?? from.image.range]),
    ...shell.flatMap(({ commands }) => commands.flatMap(({ range, nameRange }) => [range, nameRange])),
    ...(trigger === null ? [] : allRanges(trigger)),
  ];
}

/** Ranges that leave the text or their instruction. */
function strayRanges({ text, instructions, problems }: Dockerfile): string[] {
  const strays = problems
    .map(({ range }) => range)
    .filter(({ start, end }) => start < 0 || end < start || end > text.length);
  for (const instruction of instructions) {
    const { range, gaps } = instruction;
    for (const inner of allRanges(instruction)) {
      // Empty lines behind a last continuation mark stand behind the instruction.
      const behind = inner.end > range.end + 1 && !gaps.includes(inner);
      if (inner.start < range.start || inner.end < inner.start || behind) strays.push(inner);
    }
    if (range.start < 0 || range.end > text.length) strays.push(range);
  }
  return strays.map(({ start, end }) => `stray: ${start}-${end}`);
}

/** What is wrong with the tree of a text. */
function faultsIn(text: string): string[] {
  const dockerfile = parseDockerfile(text);
  return [
    ...(dockerfile.text === text ? [] : ["another text"]),
    ...lostOrDoubled(dockerfile),
    ...strayRanges(dockerfile),
  ];
}

describe("nothing is lost", () => {
  test.each(SEEDS.map((seed, index) => [index, seed] as const))("in seed %i", (_, seed) => {
    expect(faultsIn(seed)).toEqual([]);
  });

  test.runIf(REAL.length > 0)("in real files", () => {
    expect(REAL.flatMap((text) => faultsIn(text))).toEqual([]);
  });

  test("in lines of anything", () => {
    const piece = fc.constantFrom(
      ..."ABab \t\"'`$[]{}()<>=-#,:/&|;\r".split(""),
      "\n",
      "\n",
      "\\\n",
      "\\\r\n",
      "\n\n",
      "RUN ",
      "FROM a\n",
      "COPY ",
      "ONBUILD ",
      "ENV ",
      "CMD ",
      "HEALTHCHECK CMD ",
      "<<",
      "<<-",
      "<<EOF",
      "\nEOF\n",
      "${",
      "--from=",
      "\u0000",
      "\uFFFD",
      "\u00A0",
      "\u2028",
      "é",
      "😀",
      "\uD800",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(faultsIn(pieces.join(""))).toEqual([]);
      }),
      { numRuns: 800 },
    );
  });

  test("in files that were damaged", () => {
    const seeds = [...SEEDS, ...REAL.filter((text) => text.length < 4000).slice(0, 200)];
    const damage = fc.record({
      seed: fc.nat(),
      cut: fc.nat(),
      length: fc.nat({ max: 12 }),
      put: fc.constantFrom(
        "",
        "\n",
        "\\",
        "\\\n",
        '"',
        "'",
        "${",
        "<<EOF",
        "[",
        "#",
        "\r\n",
        "\uFFFD",
        "ONBUILD ",
      ),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), ([first, ...others]) => {
        let text = seeds[(first?.seed ?? 0) % seeds.length] ?? "";
        for (const { cut, length, put } of [...(first === undefined ? [] : [first]), ...others]) {
          const at = text.length === 0 ? 0 : cut % text.length;
          text = text.slice(0, at) + put + text.slice(at + length);
        }
        expect(faultsIn(text)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
