import { describe, expect, it } from "vitest";
import { findingsIn, linesIn, ruleById } from "../testing.ts";
import stageGraph from "./stage-graph.ts";
import stageNames from "./stage-names.ts";

const repeated = ruleById(stageNames, "SW-DF-STAGE-NAME-REPEATED");
const reserved = ruleById(stageNames, "SW-DF-STAGE-NAME-RESERVED");
const unreachable = ruleById(stageGraph, "SW-DF-STAGE-UNREACHABLE");
const circular = ruleById(stageGraph, "SW-DF-STAGE-CIRCULAR");

describe("SW-DF-STAGE-NAME-REPEATED", () => {
  it("finds the second stage of a name; another case is the builder's business only", () => {
    const found = findingsIn(
      repeated,
      "FROM a:1 AS x\nFROM b:1 AS X\nFROM c:1 AS x\nFROM d:1 AS y\nFROM e:1\n",
    );
    expect(found.map(({ line, aliases }) => [line, aliases])).toEqual([
      [2, ["DuplicateStageName"]],
      [3, undefined],
    ]);
    expect(found.map(({ key }) => key)).toEqual(["x", "x #2"]);
  });
});

describe("SW-DF-STAGE-NAME-RESERVED", () => {
  it("finds scratch and context", () => {
    expect(linesIn(reserved, "FROM a:1 AS scratch\nFROM a:1 AS Context\nFROM a:1 AS scratchy\n")).toEqual([
      1, 2,
    ]);
  });
});

describe("SW-DF-STAGE-UNREACHABLE", () => {
  const text = "FROM a:1\nRUN test\nFROM a:1 AS lint\nFROM b:1 AS used\nFROM c:1\nCOPY --from=used /x /x\n";

  it("finds a stage without a name, and one with it for strict readers", () => {
    expect(linesIn(unreachable, text)).toEqual([1]);
    expect(linesIn(unreachable, text, { settings: { preset: "strict" } })).toEqual([1, 3]);
  });

  it("knows mounts, numbers and bases as uses", () => {
    const used =
      "FROM a:1\nFROM a:1 AS m\nFROM a:1 AS base\nFROM base\nRUN --mount=from=m,target=/m x\nCOPY --from=0 /a /a\n";
    expect(linesIn(unreachable, used)).toEqual([]);
  });

  it("leaves names alone where a variable may choose among them", () => {
    const chosen = "FROM a:1 AS build-amd64\nFROM build-${TARGETARCH}\n";
    expect(linesIn(unreachable, chosen, { settings: { preset: "strict" } })).toEqual([]);
  });
});

describe("SW-DF-STAGE-CIRCULAR", () => {
  it("finds stages that wait for each other", () => {
    const text = "FROM s:1 AS a\nCOPY --from=b /x /x\nFROM s:1 AS b\nCOPY --from=a /y /y\nFROM b\n";
    expect(linesIn(circular, text)).toEqual([1, 3]);
  });

  it("leaves a stage that copies from itself to another rule, and straight lines be", () => {
    expect(
      linesIn(circular, "FROM s:1 AS a\nCOPY --from=a /x /x\nFROM s:1 AS b\nCOPY --from=a /x /x\n"),
    ).toEqual([]);
  });
});
