import { expect, it } from "vitest";
import { sampleFinding, sampleReport, sampleSubject } from "../terminal/testing.ts";
import gnu from "./gnu.ts";

const subject = sampleSubject("a b/Dockerfile", { kind: "dockerfile" });
const location = { path: "a b/Dockerfile", startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 };

it.each([
  ["critical", "error"],
  ["high", "error"],
  ["medium", "warning"],
  ["low", "note"],
  ["info", "note"],
] as const)("gnu: a %s finding is an %s at its line and column", (severity, word) => {
  const finding = sampleFinding({ subject, location, severity, ruleId: "SW-DF-X", message: "is: bad" });
  expect(gnu(sampleReport([finding]))).toBe(`a b/Dockerfile:3:5: ${word}: is: bad [SW-DF-X]\n`);
});

it("gnu: without findings prints nothing", () => {
  expect(gnu(sampleReport([]))).toBe("");
});

it("gnu: a name cannot begin a line of its own", () => {
  const hostile = { ...location, path: "a\nb:1:1: error: x" };
  expect(gnu(sampleReport([sampleFinding({ location: hostile })]))).toMatch(
    /^a\\nb:1:1: error: x:3:5: .*\n$/,
  );
});
