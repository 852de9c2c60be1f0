import { describe, expect, it } from "vitest";
import { issuesOf } from "./issues.ts";
import { sampleFinding, sampleReport, sampleSubject } from "./terminal/testing.ts";

const location = { path: "compose.yaml", startLine: 2, startColumn: 3, endLine: 2, endColumn: 9 };

describe("issues of a report", () => {
  it("are what failed and counts", () => {
    const exception = { reason: "needed", source: "seaworthy.yaml:3" };
    const report = sampleReport([
      sampleFinding({ ruleId: "A" }),
      sampleFinding({ ruleId: "B", exception }),
      sampleFinding({ ruleId: "C", known: true }),
      sampleFinding({ ruleId: "D", verdict: "unknown" }),
      sampleFinding({ ruleId: "E", verdict: "pass" }),
    ]);
    expect(issuesOf(report).map(({ id }) => id)).toEqual(["A"]);
  });

  it("stand where they were found, and name the service", () => {
    const subject = sampleSubject("compose.yaml:web");
    const [issue] = issuesOf(sampleReport([sampleFinding({ subject, location, message: "is root" })]));
    expect(issue).toMatchObject({ ...location, message: "web: is root" });
  });

  it("stand in the first line of their subject where there is no file", () => {
    const [issue] = issuesOf(sampleReport([sampleFinding({ message: "is root" })]));
    expect(issue).toMatchObject({
      path: "web",
      startLine: 1,
      startColumn: 1,
      message: "container web: is root",
    });
  });

  it("include what could not be looked at", () => {
    const problems = [{ what: "permission denied", where: "a/Dockerfile", todo: "run it as root" }];
    expect(issuesOf(sampleReport([], { problems }))).toMatchObject([
      {
        id: "incomplete",
        severity: "medium",
        path: "a/Dockerfile",
        message: "permission denied; run it as root",
      },
    ]);
  });
});
