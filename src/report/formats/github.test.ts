import { describe, expect, it } from "vitest";
import { sampleFinding, sampleReport, sampleSubject } from "../terminal/testing.ts";
import github from "./github.ts";
import { parseWorkflowCommand } from "./testing.ts";

const options = { colour: false, width: 80, verbose: false };

describe("github", () => {
  it("annotates what failed and counts, the worst first", () => {
    const text = github(
      sampleReport([
        sampleFinding({ severity: "low", ruleId: "SW-C" }),
        sampleFinding({ severity: "medium", ruleId: "SW-B" }),
        sampleFinding({
          severity: "critical",
          ruleId: "SW-A",
          title: "Bad",
          message: "is 100% bad",
          evidence: [{ witness: "actual", source: "/proc/1", value: "1" }],
          remediation: "docker run: a\nCompose: b",
        }),
      ]),
      options,
    );
    const commands = text.split("\n").map(parseWorkflowCommand);
    expect(commands.slice(0, 3).map((command) => command?.name)).toEqual(["error", "warning", "notice"]);
    expect(commands[0]).toEqual({
      name: "error",
      properties: { title: "critical: Bad (SW-A)" },
      message: "container web: is 100% bad\nactual /proc/1: 1\ndocker run: a\nCompose: b",
    });
    expect(text).toContain("::error title=critical%3A Bad (SW-A)::container web: is 100%25 bad%0Aactual");
    expect(text).toMatch(/\nSeaworthy: 1 finding at or above high\n$/);
  });

  it("names file and lines where a finding has them", () => {
    const location = { path: "a,b:c/Dockerfile", startLine: 2, startColumn: 1, endLine: 3, endColumn: 9 };
    const text = github(sampleReport([sampleFinding({ location, title: "Bad", ruleId: "SW-A" })]), options);
    expect(text).toContain(
      "::warning file=a%2Cb%3Ac/Dockerfile,line=2,endLine=3,title=medium%3A Bad (SW-A)::",
    );
  });

  it("puts what does not count and what could not be judged into groups", () => {
    const findings = [
      sampleFinding({ severity: "high", ruleId: "SW-A", message: "is bad", known: true }),
      sampleFinding({ verdict: "unknown", ruleId: "SW-B", message: "permission denied" }),
      sampleFinding({ verdict: "pass", ruleId: "SW-C", message: "is good" }),
      sampleFinding({ verdict: "not-applicable", ruleId: "SW-D", message: "is off" }),
    ];
    const quiet = `::group::Failed, but does not count (1)
high container web: is bad SW-A (known: stands in the baseline)
::endgroup::
::group::Could not be judged (1)
medium container web: permission denied SW-B
::endgroup::
`;
    const rest = `::group::Passed (1)
medium container web: is good SW-C
::endgroup::
::group::Not applicable (1)
medium container web: is off SW-D
::endgroup::
`;
    const end = "Seaworthy: nothing at or above high\n";
    expect(github(sampleReport(findings), options)).toBe(quiet + end);
    expect(github(sampleReport(findings), { ...options, verbose: true })).toBe(quiet + rest + end);
  });

  it("warns of problems", () => {
    const problems = [{ what: "no answer", where: "/run/docker.sock", todo: "start it" }];
    expect(github(sampleReport([], { problems }), options)).toBe(
      "::warning title=no answer::/run/docker.sock: start it\nSeaworthy: nothing at or above high\n",
    );
  });

  it("lets no name become a command, in the old form either", () => {
    const subject = sampleSubject("a\n::set-env name=x::y ##[add-path]/tmp");
    const text = github(sampleReport([sampleFinding({ verdict: "unknown", subject })]), options);
    expect(text.split("\n").map((line) => parseWorkflowCommand(line)?.name ?? null)).toEqual([
      "group",
      null,
      "endgroup",
      null,
      null,
    ]);
  });
});

describe("the reader of these tests", () => {
  it("sees commands wherever the runner does", () => {
    expect(parseWorkflowCommand("  ::error a=1,b=2%3A::x%0Ay")).toEqual({
      name: "error",
      properties: { a: "1", b: "2:" },
      message: "x\ny",
    });
    expect(parseWorkflowCommand("text ##[add-path]/tmp")?.name).toBe("add-path");
    expect(parseWorkflowCommand("text ::error::x")).toBeNull();
  });
});
