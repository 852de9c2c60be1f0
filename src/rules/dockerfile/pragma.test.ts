import { describe, expect, it } from "vitest";
import { withFaults } from "../pragma-rule.ts";
import { findingsIn } from "../testing.ts";
import pragma from "./pragma.ts";

describe("SW-DF-PRAGMA", () => {
  it("finds nothing by itself: whether a comment is of use shows when all other rules have judged", () => {
    expect(findingsIn(pragma, "# seaworthy ignore=NONE\nFROM a\n")).toEqual([]);
  });

  it("finds the faults that it is given, where the comment stands", () => {
    const fault = { message: "covers nothing", range: { start: 7, end: 20 }, key: "DL3008" };
    expect(findingsIn(withFaults(pragma, [fault]), "FROM a\n# seaworthy x\n")).toMatchObject([
      { verdict: "fail", message: "covers nothing", key: "DL3008", line: 2 },
    ]);
  });
});
