import { describe, expect, test } from "vitest";
import type { Stage } from "#model/evidence/dockerfile.ts";
import { parseDockerfile } from "./parse.ts";
import { findStage, globalVariables, takesFrom } from "./stages.ts";
import { instructionOf } from "./testing.ts";

const stagesOf = (text: string): Stage[] => parseDockerfile(text).stages;
const flagged = (text: string, flag: "shipped" | "reachable" | "circular"): number[] =>
  stagesOf(text)
    .filter((stage) => stage[flag])
    .map(({ index }) => index);

describe("stages", () => {
  test("hold what stands behind their FROM", () => {
    const { stages, globalArgs, instructions } = parseDockerfile(
      "ARG V=1\nFROM a AS One\nRUN b\nFROM c\nRUN d\nRUN e",
    );
    expect(stages.map(({ name, instructions: own }) => [name, own.length])).toEqual([
      ["One", 1],
      [null, 2],
    ]);
    expect(globalArgs).toHaveLength(1);
    expect(instructions.map(({ stage }) => stage)).toEqual([-1, 0, 0, 1, 1, 1]);
  });

  test("are found by name whatever its case, the last of a name first", () => {
    const stages = stagesOf("FROM a AS one\nFROM ONE AS two\nFROM b AS one\nFROM one");
    expect(stages.map(({ base }) => base)).toEqual([null, 0, null, 2]);
    expect(findStage(stages, "One")).toBe(2);
    expect(findStage(stages, "1")).toBe(1);
    expect([findStage(stages, "9"), findStage(stages, "none")]).toEqual([null, null]);
  });

  test("do not build on themselves", () => {
    expect(stagesOf("FROM a AS a").map(({ base, image }) => [base, image?.text])).toEqual([[null, "a"]]);
  });
});

describe("images", () => {
  const image = (text: string) => stagesOf(text).at(-1)?.image;

  test.each([
    ["ARG V=1.2\nFROM a:$V", "a:1.2", false],
    ["ARG V=1.2\nARG I=a:${V%.*}\nFROM ${I}", "a:1", false],
    ["ARG V\nFROM a:${V:-3}", "a:3", false],
    ["ARG V\nFROM a${V:+-x}", "a", false],
    ["ARG V='1 2'\nFROM a:$V", "a:1 2", false],
    ['FROM "a:1"', "a:1", false],
    ["ARG V\nFROM a:$V", "a:$V", true],
    ["FROM a:${NOPE}", "a:${NOPE}", true],
    ["FROM a:$TARGETARCH", "a:$TARGETARCH", true],
    ["ARG TARGETARCH=x\nFROM a:$TARGETARCH", "a:x", false],
    ["FROM a\nARG V=1\nFROM b:$V", "b:$V", true],
  ])("%j", (text, expected, unresolved) => {
    expect(image(text)).toMatchObject({ text: expected, unresolved });
  });

  test("a variable may name a stage", () => {
    expect(stagesOf("ARG S=one\nFROM a AS one\nFROM $S").at(-1)).toMatchObject({ base: 0, image: null });
  });

  test("ARGs before the first FROM see each other and the platform", () => {
    const values = globalVariables(parseDockerfile("ARG A=1 B=$A C\nARG D=$C$TARGETOS\nFROM a"));
    expect([values.get("A"), values.get("B"), values.has("C")]).toEqual(["1", "1", false]);
    expect(values.get("D")).toBeNull();
  });
});

describe("what is built", () => {
  const text = `FROM a AS base
FROM base AS build
FROM b AS tools
FROM c AS unused
COPY --from=build / /
FROM base
COPY --from=build /x /x
RUN --mount=type=bind,from=tools,target=/t x
`;

  test("is what leads to the last stage", () => {
    expect(flagged(text, "shipped")).toEqual([0, 4]);
    expect(flagged(text, "reachable")).toEqual([0, 1, 2, 4]);
    expect(flagged(text, "circular")).toEqual([]);
  });

  test("stages that need each other, or themselves, go round in circles", () => {
    expect(
      flagged("FROM a AS x\nCOPY --from=y b c\nFROM a AS y\nCOPY --from=x b c\nFROM y", "circular"),
    ).toEqual([0, 1]);
    expect(flagged("FROM a AS x\nCOPY --from=x b c", "circular")).toEqual([0]);
    expect(
      flagged("FROM a AS x\nFROM x AS y\nCOPY --from=0 b c\nFROM x\nCOPY --from=y b c", "circular"),
    ).toEqual([]);
  });

  test("triggers count", () => {
    expect(flagged("FROM a AS x\nFROM b\nONBUILD COPY --from=x c d", "reachable")).toEqual([0, 1]);
  });
});

test("what an instruction takes from elsewhere", () => {
  const of = (text: string): string[] => takesFrom(instructionOf(text));
  expect(of("COPY --from=a b c")).toEqual(["a"]);
  expect(of('RUN --mount=type=bind,From=a --mount="type=bind,from=b" --mount=type=cache x')).toEqual([
    "a",
    "b",
  ]);
  expect(of("COPY --from a b")).toEqual([]);
});

describe("many stages", () => {
  const quick = (text: string): number => {
    const began = performance.now();
    parseDockerfile(text);
    return performance.now() - began;
  };
  const each = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join("");

  test("in a chain, in one circle, and with many uses", () => {
    expect(
      quick(
        each(5000, (index) => `FROM ${index === 0 ? "a" : `s${index - 1}`} AS s${index}\nENV V${index}=1\n`),
      ),
    ).toBeLessThan(8000);
    expect(
      flagged(
        each(3000, (index) => `FROM a AS s${index}\nCOPY --from=s${(index + 1) % 3000} b c\n`),
        "circular",
      ),
    ).toHaveLength(3000);
    expect(
      quick(
        `${each(3000, (index) => `FROM a AS s${index}\n`)}FROM a\n${each(10_000, (index) => `COPY --from=s${index % 3000} b c\n`)}`,
      ),
    ).toBeLessThan(8000);
  });
});
