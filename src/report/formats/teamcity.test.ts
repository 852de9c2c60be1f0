import { describe, expect, it } from "vitest";
import type { Report } from "#model/report.ts";
import { sampleFinding, sampleReport, sampleSubject } from "../terminal/testing.ts";
import teamcity from "./teamcity.ts";
import { parseServiceMessage } from "./testing.ts";

function messages(report: Report) {
  return teamcity(report).trimEnd().split("\n").map(parseServiceMessage);
}

describe("teamcity", () => {
  it("declares each rule once, then inspects", () => {
    const found = messages(
      sampleReport([
        sampleFinding({
          ruleId: "SW-CTR-PID-HOST",
          severity: "high",
          message: "shares",
          evidence: [{ witness: "actual", source: "/proc/1/ns/pid", value: "pid:[1]" }],
          remediation: "docker run: drop\nCompose: remove",
        }),
        sampleFinding({ ruleId: "SW-CTR-PID-HOST", severity: "low", subject: sampleSubject("db") }),
      ]),
    );
    expect(found.map(({ name }) => name)).toEqual([
      "inspectionType",
      "inspection",
      "inspection",
      "buildProblem",
    ]);
    expect(found[0]?.attributes).toMatchObject({
      id: "SW-CTR-PID-HOST",
      name: "Shares the host's process ids",
      category: "Seaworthy: container",
    });
    expect(found[1]?.attributes).toEqual({
      typeId: "SW-CTR-PID-HOST",
      message: "container web: shares\nactual /proc/1/ns/pid: pid:[1]\ndocker run: drop\nCompose: remove",
      file: "container/web",
      SEVERITY: "ERROR",
    });
    expect(found[2]?.attributes.SEVERITY).toBe("WEAK WARNING");
    expect(found[3]?.attributes).toEqual({
      description: "Seaworthy: 1 finding at or above high",
      identity: "seaworthy_gate",
    });
  });

  it("escapes as TeamCity wants it", () => {
    const text = teamcity(
      sampleReport([sampleFinding({ message: "a|b'c[d]\u00e4\ud83d\ude00", remediation: "" })]),
    );
    expect(text).toContain("message='container web: a||b|'c|[d|]|0x00e4|0xd83d|0xde00'");
  });

  it("gives file and line where a finding has them", () => {
    const location = { path: "sub/Dockerfile", startLine: 7, startColumn: 1, endLine: 7, endColumn: 2 };
    expect(messages(sampleReport([sampleFinding({ location })]))[1]?.attributes).toMatchObject({
      file: "sub/Dockerfile",
      line: "7",
    });
  });

  it("has no build problem below the gate, and none for what does not count", () => {
    const exception = { reason: "needed", source: "seaworthy.yaml:3" };
    const found = messages(
      sampleReport([
        sampleFinding({ severity: "low" }),
        sampleFinding({ severity: "critical", exception }),
        sampleFinding({ severity: "critical", known: true }),
      ]),
    );
    expect(found.map(({ name }) => name)).toEqual(["inspectionType", "inspection"]);
  });

  it("warns of what could not be judged or looked at", () => {
    const problems = [{ what: "engine did not answer", where: "/run/docker.sock", todo: "start it" }];
    const found = messages(
      sampleReport([sampleFinding({ ruleId: "SW-A", verdict: "unknown", message: "permission denied" })], {
        problems,
      }),
    );
    expect(found.map(({ attributes }) => attributes)).toEqual([
      { text: "SW-A could not be judged: container web: permission denied", status: "WARNING" },
      { text: "engine did not answer: /run/docker.sock: start it", status: "WARNING" },
    ]);
  });

  it("says so if there is nothing to say", () => {
    expect(teamcity(sampleReport([]))).toBe(
      "##teamcity[message text='Seaworthy: nothing at or above high']\n",
    );
  });

  it("keeps to TeamCity's 4000 characters, and cuts no letter in half", () => {
    const prefix = "container web: ".length;
    const message = `${"x".repeat(3996 - prefix)}😀${"x".repeat(50)}`;
    const [, inspection] = messages(sampleReport([sampleFinding({ message })]));
    expect(inspection?.attributes.message).toHaveLength(3999);
    expect(inspection?.attributes.message).toMatch(/x\.\.\.$/);
  });
});
