import { describe, expect, it } from "vitest";
import {
  gateText,
  isOpen,
  levelOf,
  seenText,
  sentence,
  visibleLines,
  whyNotCounted,
} from "./finding-text.ts";
import { sampleFinding, sampleReport, sampleSubject } from "./terminal/testing.ts";

const exception = { reason: "needed", owner: "ops", expires: "2027-01-01", source: "seaworthy.yaml:3" };

describe("isOpen", () => {
  it("is true only for a failed finding without exception and outside the baseline", () => {
    expect(isOpen(sampleFinding())).toBe(true);
    expect(isOpen(sampleFinding({ exception }))).toBe(false);
    expect(isOpen(sampleFinding({ known: true }))).toBe(false);
    expect(isOpen(sampleFinding({ verdict: "unknown" }))).toBe(false);
    expect(isOpen(sampleFinding({ verdict: "pass" }))).toBe(false);
  });
});

describe("sentence and seenText", () => {
  it("name the subject, and write out what a terminal would obey", () => {
    const finding = sampleFinding({ subject: sampleSubject("a\nb"), message: "is \u001b[31mred" });
    expect(sentence(finding)).toBe("container a\\nb: is \\e[31mred");
    expect(seenText({ witness: "actual", source: "/proc/1/status", path: "CapEff", value: "00\n" })).toBe(
      "actual /proc/1/status CapEff: 00\\n",
    );
    expect(seenText({ witness: "declared", source: "docker inspect web", value: "null" })).toBe(
      "declared docker inspect web: null",
    );
  });
});

describe("visibleLines", () => {
  it("keeps lines apart, however they end", () => {
    expect(visibleLines("a\r\nb\rc\nd\u001b")).toEqual(["a", "b", "c", "d\\e"]);
    expect(visibleLines("")).toEqual([]);
  });
});

describe("whyNotCounted", () => {
  it("gives the exception with owner and date, or the baseline, or null", () => {
    expect(whyNotCounted(sampleFinding({ exception }))).toBe(
      "excepted: needed, by ops, until 2027-01-01 (seaworthy.yaml:3)",
    );
    expect(whyNotCounted(sampleFinding({ exception: { reason: "r", source: "label" } }))).toBe(
      "excepted: r (label)",
    );
    expect(whyNotCounted(sampleFinding({ known: true }))).toBe("known: stands in the baseline");
    expect(whyNotCounted(sampleFinding())).toBeNull();
  });
});

describe("levelOf", () => {
  it("maps five severities to three levels", () => {
    expect((["critical", "high", "medium", "low", "info"] as const).map(levelOf)).toEqual([
      "error",
      "error",
      "warning",
      "note",
      "note",
    ]);
  });
});

describe("gateText", () => {
  it("counts what is at the gate", () => {
    const high = sampleFinding({ severity: "high" });
    expect(gateText(sampleReport([high]))).toBe("1 finding at or above high");
    expect(gateText(sampleReport([high, sampleFinding({ severity: "critical" })]))).toBe(
      "2 findings at or above high",
    );
    expect(gateText(sampleReport([sampleFinding()]))).toBe("nothing at or above high");
  });

  it("counts all that failed if there is no gate", () => {
    const report = sampleReport([sampleFinding(), sampleFinding({ exception })]);
    report.summary.gate = "never";
    expect(gateText(report)).toBe("1 finding (no gate)");
  });
});
