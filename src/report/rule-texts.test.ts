import { describe, expect, it } from "vitest";
import { findingsByRule, ruleTexts } from "./rule-texts.ts";
import { sampleFinding } from "./terminal/testing.ts";

describe("ruleTexts", () => {
  it("takes the texts from the rule, and its severity, not that of the finding", () => {
    const texts = ruleTexts(sampleFinding({ ruleId: "SW-CTR-PID-HOST", severity: "low", title: "other" }));
    expect(texts.title).toBe("Shares the host's process ids");
    expect(texts.severity).toBe("high");
    expect(texts.risk).toMatch(/^Every process of the host is visible from inside/);
    expect(texts.remediation).toBe("docker run: drop --pid=host\nCompose: remove pid: host");
    expect(texts.references.length).toBeGreaterThan(0);
  });

  it("takes what the finding says for a rule that this version lacks", () => {
    expect(ruleTexts(sampleFinding({ ruleId: "SW-GONE", title: "Is gone", remediation: "do" }))).toEqual({
      id: "SW-GONE",
      title: "Is gone",
      severity: "medium",
      risk: "",
      countermeasure: "",
      remediation: "do",
      references: [],
    });
  });
});

describe("findingsByRule", () => {
  it("gives the first finding of each rule, by rule id", () => {
    const [a, b, c] = [
      sampleFinding({ ruleId: "SW-B", message: "1" }),
      sampleFinding({ ruleId: "SW-A", message: "2" }),
      sampleFinding({ ruleId: "SW-B", message: "3" }),
    ];
    expect(findingsByRule([a, b, c])).toEqual([b, a]);
  });
});
