import { describe, expect, it } from "vitest";
import { sampleFinding, sampleHost, sampleReport, sampleSubject } from "../terminal/testing.ts";
import csv from "./csv.ts";
import { parseCsv } from "./testing.ts";

describe("csv", () => {
  it("has a header and one record for each finding", () => {
    const report = sampleReport([
      sampleFinding({
        ruleId: "SW-A",
        severity: "high",
        title: "Bad, indeed",
        message: 'is "bad"',
        aliases: ["cis-docker-1.8:5.16", "x:1"],
        evidence: [
          { witness: "actual", source: "/proc/1", value: "1" },
          { witness: "declared", source: "docker inspect web", value: "2" },
        ],
        remediation: "docker run: a\nCompose: b",
        location: { path: "Dockerfile", startLine: 7, startColumn: 1, endLine: 7, endColumn: 2 },
        exception: { reason: "needed", owner: "ops", expires: "2027-01-01", source: "seaworthy.yaml:3" },
        known: true,
        fingerprint: "abc",
      }),
    ]);
    const text = csv(report);
    const [head = [], row = [], ...more] = parseCsv(text);
    expect(more).toEqual([]);
    expect(Object.fromEntries(head.map((name, at) => [name, row[at]]))).toEqual({
      verdict: "fail",
      severity: "high",
      rule: "SW-A",
      title: "Bad, indeed",
      kind: "container",
      subject: "web",
      image: "nginx:1.25",
      message: 'is "bad"',
      evidence: "actual /proc/1: 1\ndeclared docker inspect web: 2",
      remediation: "docker run: a\nCompose: b",
      path: "Dockerfile",
      line: "7",
      known: "yes",
      exception: "needed",
      owner: "ops",
      expires: "2027-01-01",
      aliases: "cis-docker-1.8:5.16 x:1",
      fingerprint: "abc",
    });
    expect(text).toContain('"Bad, indeed"');
    expect(text.split("\r\n")).toHaveLength(3);
  });

  it("has only the header if there are no findings", () => {
    expect(csv(sampleReport([]))).toMatch(/^verdict,[a-z,]+fingerprint\r\n$/);
  });

  it("lists passed findings too", () => {
    expect(parseCsv(csv(sampleHost(2)))).toHaveLength(1 + sampleHost(2).findings.length);
  });

  it.each(["=1+1", "+1", "-1", "@SUM(1)", " =1", "＝1", "＋1", "－1", "＠1"])("makes %s text", (name) => {
    const text = csv(sampleReport([sampleFinding({ subject: sampleSubject(name) })]));
    expect(parseCsv(text)[1]?.[5]).toBe(`'${name}`);
  });
});
