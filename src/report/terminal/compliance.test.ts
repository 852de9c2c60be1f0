import { describe, expect, it } from "vitest";
import { canvas } from "./canvas.ts";
import { complianceLines, countStates } from "./compliance.ts";
import { paintedWidth } from "./flow.ts";
import { style } from "./style.ts";
import { sampleCompliance } from "./testing.ts";

function draw(width: number, verbose = false): string[] {
  return complianceLines(canvas(style(false), width, verbose), sampleCompliance());
}

it("counts every recommendation in one state", () => {
  const [first] = sampleCompliance().sections;
  expect(countStates(first?.recommendations ?? [])).toEqual({
    pass: 3,
    fail: 3,
    unknown: 2,
    manual: 1,
    "not-applicable": 1,
  });
});

describe("table", () => {
  it("has one row per section, a bar and the numbers", () => {
    const lines = draw(100);
    expect(lines[0]).toMatch(/^CIS Docker Benchmark 1\.8\.0 +passed {2}failed {2}unknown {2}manual {2}n\/a$/);
    expect(lines[1]).toMatch(/^ {2}1 {2}Host configuration +█+░+ +3 of 6 +3 +2 +1 +1$/);
    expect(lines[6]).toMatch(/^ {2}7 {2}Docker swarm configuration +·+ +– +0 +0 +0 +6$/);
    expect(lines[7]).toMatch(/^ {5}all +█+░+ +29 of 41 +12 +4 +4 +12$/);
    expect(lines[8]).toBe("  failed: 1.2, 1.4, 1.5, 2.7, 4.2, 5.2, 5.4, 5.5, 5.7, 5.8, 5.9, 5.14");
  });

  it("draws no full bar while one recommendation fails", () => {
    const row = draw(100).find((line) => line.includes("Docker daemon configuration ")) ?? "";
    expect(row).toContain("░");
    const full = draw(100).find((line) => line.includes("configuration files")) ?? "";
    expect(full).not.toContain("░");
  });

  it("says the same without columns where there is no room", () => {
    const lines = draw(40);
    expect(lines.slice(1, 4)).toEqual([
      "  1 Host configuration",
      "    ████░░░░               3 of 6 passed",
      "    2 unknown, 1 manual, 1 n/a",
    ]);
  });

  it.each([40, 60, 72, 80, 120, 200])("fits %i columns", (width) => {
    for (const line of [...draw(width), ...draw(width, true)]) {
      expect(paintedWidth(line)).toBeLessThanOrEqual(width);
    }
  });
});

it("lists every recommendation in --verbose, and where to look for what only a person can judge", () => {
  const text = draw(100, true).join("\n");
  expect(text).toMatch(/✗ failed +1\.2 Own words for recommendation 1\.2 +SW-HOST-RULE-2/);
  expect(text).toMatch(
    /> manual +4\.3 Own words for recommendation 4\.3\n +look at +GET \/info, and who may read it/,
  );
});
