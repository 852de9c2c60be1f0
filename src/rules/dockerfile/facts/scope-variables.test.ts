import { describe, expect, test } from "vitest";
import { parseDockerfile } from "#evidence/dockerfile/parse.ts";
import { imageMaySet, imageVariables } from "./scope-image-variables.ts";
import { type Scope, scopeBefore } from "./scope-variables.ts";
import { expandedTexts } from "./scope-words.ts";

/** The scope of the last instruction. */
function lastScope(text: string): Scope {
  const dockerfile = parseDockerfile(text);
  return scopeBefore(dockerfile, dockerfile.instructions.at(-1) ?? { index: 0, stage: 0 });
}

describe("scopes", () => {
  test("hold what was set before", () => {
    const scope = lastScope("FROM a\nARG A=1 B\nENV C=$A-x D='$A'\nENV A=2\nRUN x\n");
    expect(["A", "C", "D"].map((name) => scope.get(name))).toEqual(["2", "1-x", "$A"]);
    expect([scope.get("B"), scope.declares("B"), scope.declares("E")]).toEqual([undefined, true, false]);
    expect(scope.names()).toEqual(["A", "B", "C", "D"]);
  });

  test("an instruction does not see itself, nor what follows", () => {
    const dockerfile = parseDockerfile("FROM a\nENV A=1\nENV A=$A$B B=2\nENV C=3\n");
    const scope = scopeBefore(dockerfile, dockerfile.instructions[2] ?? { index: 0, stage: 0 });
    expect([scope.get("A"), scope.declares("B"), scope.names()]).toEqual(["1", false, ["A"]]);
    expect(lastScope("FROM a\nENV A=1 B=$A-\nRUN x").get("B")).toBe("-");
    expect(lastScope("FROM a\nARG A=1 B=$A-\nRUN x").get("B")).toBe("1-");
  });

  test("go on from the stage below, and from no other", () => {
    const text =
      "FROM a AS x\nARG A=1\nENV B=2\nFROM x AS y\nENV C=$B\nFROM z\nENV D=1\nFROM y\nENV B=3\nRUN x";
    const scope = lastScope(text);
    expect(["A", "B", "C", "D"].map((name) => scope.get(name))).toEqual(["1", "3", "2", undefined]);
    expect(scope.names()).toEqual(["B", "C", "A"]);
  });

  test("take ARGs from before the first FROM only where they are named again", () => {
    expect(lastScope("ARG A=1\nFROM a\nRUN x").declares("A")).toBe(false);
    expect(lastScope("ARG A=1\nFROM a\nARG A\nRUN x").get("A")).toBe("1");
    expect(lastScope("ARG A=1\nFROM a\nARG A=2\nRUN x").get("A")).toBe("2");
    expect(lastScope("FROM a\nARG TARGETARCH\nENV B=x-$TARGETARCH\nRUN x").get("B")).toBeNull();
  });

  test("there are none before the first FROM", () => {
    const dockerfile = parseDockerfile("ARG A=1\nRUN x\nFROM a");
    const scope = scopeBefore(dockerfile, { index: 1, stage: -1 });
    expect([scope.get("A"), scope.declares("A"), scope.names()]).toEqual([undefined, false, []]);
  });

  test("a chain of stages, and values that double, take bounded time", () => {
    const began = performance.now();
    const chain = Array.from(
      { length: 3000 },
      (_, index) => `FROM ${index === 0 ? "a" : `s${index - 1}`} AS s${index}\nENV V${index}=$V0$U\n`,
    );
    expect(lastScope(chain.join("").replace("V0=$V0$U", "V0=1")).get("V0")).toBe("1");
    const doubling = Array.from({ length: 300 }, (_, index) => `ENV A${index + 1}=$A${index}$A${index}\n`);
    expect(lastScope(`FROM a\nENV A0=xxxx\n${doubling.join("")}RUN x`).get("A300")).toBeNull();
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

test("the texts in which variables are replaced know their place", () => {
  const text = 'FROM a\nCOPY --chown=$U "$A"/b \\\n  c$\\\nD <<E /x\n$F\nE\n';
  const [, copy] = parseDockerfile(text).instructions;
  const shown = (copy === undefined ? [] : expandedTexts(copy)).map(({ text: written, raw, place }) => {
    const at = written.indexOf("$");
    const { start, end } = place(at, at + 2);
    return [written, raw, text.slice(start, end)];
  });
  expect(shown).toEqual([
    ["$U", false, "$U"],
    ['"$A"/b', false, "$A"],
    ["c$D", false, "c$\\\nD"],
    ["$F\n", true, "$F"],
  ]);
});

test.each([
  ["FROM scratch", "path"],
  ["FROM alpine:3", "path"],
  ["FROM docker.io/library/debian@sha256:00", "path"],
  ["FROM a AS b\nFROM debian AS c\nFROM c", "path"],
  ["FROM node", "some"],
  ["FROM example.com/debian", "some"],
  ["ARG X\nFROM $X", "some"],
])("%j sets %s", (text, expected) => {
  const dockerfile = parseDockerfile(text);
  const stage = dockerfile.stages.at(-1);
  expect(stage === undefined ? null : imageVariables(dockerfile, stage)).toBe(expected);
});

test("only images of more than a distribution set variables that are common", () => {
  expect([
    imageMaySet("path", "PATH"),
    imageMaySet("path", "HOME"),
    imageMaySet("path", "NODE_VERSION"),
  ]).toEqual([true, false, false]);
  expect([imageMaySet("some", "JAVA_HOME"), imageMaySet("some", "HOME"), imageMaySet("some", "foo")]).toEqual(
    [true, false, false],
  );
});
