import { describe, expect, it } from "vitest";
import type { Severity } from "#model/severity.ts";
import { arrange } from "./arrange.ts";
import { sampleFinding, sampleHost, sampleReport, sampleSubject } from "./testing.ts";

function failed(name: string, severity: Severity, ruleId = `SW-${name}-${severity}`) {
  return sampleFinding({ subject: sampleSubject(name), severity, ruleId });
}

/** The names in order, with the kind for what many share. */
function order(findings: ReturnType<typeof failed>[], group = true): string[] {
  return arrange(sampleReport(findings), group).sections.map((section) =>
    section.type === "shared" ? `many ${section.kind}s` : section.subject.name,
  );
}

describe("order", () => {
  it("puts the worst subject first, then the one with more", () => {
    expect(
      order([
        failed("a", "medium"),
        failed("b", "high"),
        failed("c", "high"),
        failed("c", "medium"),
        failed("d", "critical"),
      ]),
    ).toEqual(["d", "c", "b", "a"]);
  });

  it("calls a subject clean below medium, and unjudged without any verdict", () => {
    const { clean, unjudged, sections } = arrange(
      sampleReport([
        failed("low", "low"),
        sampleFinding({ verdict: "pass", subject: sampleSubject("passed") }),
        sampleFinding({ verdict: "unknown", subject: sampleSubject("closed") }),
        sampleFinding({ verdict: "not-applicable", subject: sampleSubject("off") }),
      ]),
      true,
    );
    expect(sections).toEqual([]);
    expect(clean.map(({ subject }) => subject.name)).toEqual(["low", "passed"]);
    expect(unjudged.map(({ subject }) => subject.name)).toEqual(["closed", "off"]);
  });
});

describe("what many share", () => {
  const three = ["a", "b", "c"].map((name) => failed(name, "high", "SW-X"));

  it("is told once from four subjects on", () => {
    expect(order(three)).toEqual(["a", "b", "c"]);
    expect(order([...three, failed("d", "high", "SW-X")])).toEqual(["many containers"]);
    expect(order([...three, failed("d", "high", "SW-X")], false)).toEqual(["a", "b", "c", "d"]);
  });

  it("counts subjects, not findings, and keeps severities and kinds apart", () => {
    expect(order([...three, failed("a", "high", "SW-X")])).toEqual(["a", "b", "c"]);
    expect(order([...three, failed("d", "medium", "SW-X")])).toEqual(["a", "b", "c", "d"]);
    const image = sampleFinding({ ...three[0], subject: sampleSubject("d", { kind: "image" }) });
    expect(order([...three, image])).toHaveLength(4);
  });

  it("does not count excepted and known findings", () => {
    const exception = { reason: "known", source: "seaworthy.yaml:1" };
    expect(order([...three, { ...failed("d", "high", "SW-X"), exception }])).toEqual(["a", "b", "c"]);
    expect(order([...three, { ...failed("d", "high", "SW-X"), known: true }])).toEqual(["a", "b", "c"]);
  });

  it("keeps what only one of them has with that one", () => {
    const { sections } = arrange(
      sampleReport([...three, failed("d", "high", "SW-X"), failed("b", "critical", "SW-Y")]),
      true,
    );
    const [own, shared] = sections;
    expect(own?.type === "subject" && own.open.map(({ ruleId }) => ruleId)).toEqual(["SW-Y"]);
    expect(shared?.type === "shared" && shared.nothingElse.map(({ name }) => name)).toEqual(["a", "c", "d"]);
  });
});

it("tells every open finding exactly once", () => {
  const findings = sampleHost(12).findings.concat(failed("db", "low", "SW-ONLY-DB"));
  const report = sampleReport(findings);
  const { sections, onlyShared, clean, unjudged } = arrange(report, true);
  const told = [
    ...sections.flatMap((section) =>
      section.type === "shared" ? section.shared.flatMap(({ findings }) => findings) : section.open,
    ),
    ...[...onlyShared, ...clean, ...unjudged].flatMap(({ open }) => open),
  ];
  expect(told).toHaveLength(Object.values(report.summary.failed).reduce((sum, count) => sum + count, 0));
  expect(new Set(told).size).toBe(told.length);
});

it("keeps containers of the same name on two engines apart", () => {
  const findings = ["one", "two"].map((id) =>
    sampleFinding({ subject: sampleSubject("web", { id }), severity: "high" }),
  );
  expect(order(findings)).toEqual(["web", "web"]);
});
