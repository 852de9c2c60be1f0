import { describe, expect, it } from "vitest";
import type { Finding } from "#model/finding.ts";
import type { Report } from "#model/report.ts";
import { sampleFinding, sampleReport, sampleSubject } from "../terminal/testing.ts";
import codeclimate from "./codeclimate.ts";

const subject = sampleSubject("Dockerfile", { kind: "dockerfile" });
const finding = (changes: Partial<Finding> = {}) =>
  sampleFinding({
    subject,
    location: { path: "./a/Dockerfile", startLine: 3, startColumn: 1, endLine: 5, endColumn: 1 },
    ...changes,
  });
const issues = (report: Report) => JSON.parse(codeclimate(report));

describe("codeclimate", () => {
  it("says what is wrong where, with paths from the folder that was linted", () => {
    expect(
      issues(sampleReport([finding({ ruleId: "SW-DF-A", message: "is bad", fingerprint: "abc" })])),
    ).toEqual([
      {
        type: "issue",
        check_name: "SW-DF-A",
        description: "is bad",
        content: { body: expect.stringContaining("    docker run: add --memory 256m") },
        categories: ["Security"],
        location: { path: "a/Dockerfile", lines: { begin: 3, end: 4 } },
        severity: "major",
        fingerprint: "abc",
      },
    ]);
  });

  it.each([
    ["critical", "blocker"],
    ["high", "critical"],
    ["medium", "major"],
    ["low", "minor"],
    ["info", "info"],
  ] as const)("maps %s to %s", (severity, word) => {
    expect(issues(sampleReport([finding({ severity })]))[0].severity).toBe(word);
  });

  it("tells findings apart that have one fingerprint, each time in the same way", () => {
    const report = sampleReport([1, 2, 3].map(() => finding({ fingerprint: "abc" })));
    const prints = issues(report).map(({ fingerprint }: { fingerprint: string }) => fingerprint);
    expect(prints[0]).toBe("abc");
    expect(new Set(prints).size).toBe(3);
    expect(issues(report)).toEqual(issues(structuredClone(report)));
  });

  it("explains the rule in Markdown in which nothing of the file is markup", () => {
    const evidence = [{ witness: "declared" as const, source: "a", value: "<b>x</b> [x](y)" }];
    const [{ content }] = issues(sampleReport([finding({ ruleId: "SW-CTR-PID-HOST", evidence })]));
    expect(content.body).toMatch(/^Every process of the host is visible from inside/);
    expect(content.body).not.toMatch(/<b>|\[x\]/);
  });

  it("is an empty list if nothing was found", () => {
    expect(issues(sampleReport([]))).toEqual([]);
  });
});
