import { describe, expect, it } from "vitest";
import {
  sampleCompliance,
  sampleFinding,
  sampleHost,
  sampleReport,
  sampleSubject,
} from "../terminal/testing.ts";
import markdown from "./markdown.ts";

const options = { colour: false, width: 80, verbose: false };

describe("markdown", () => {
  it("sums up, then shows findings with evidence and fix to unfold", () => {
    const report = sampleReport([
      sampleFinding({
        ruleId: "SW-CTR-PID-HOST",
        severity: "high",
        title: "Shares the process ids",
        message: "shares the process ids",
        evidence: [{ witness: "actual", source: "/proc/7/ns/pid", path: "pid", value: "pid:1" }],
        remediation: "docker run: drop --pid=host\nCompose:\n  remove pid",
      }),
      sampleFinding({ verdict: "pass" }),
    ]);
    expect(markdown(report, options)).toBe(`## Seaworthy: 1 finding at or above high

| severity | failed |
| --- | --- |
| critical | 0 |
| high | 1 |
| medium | 0 |
| low | 0 |
| info | 0 |

1 passed · 0 unknown · 0 not applicable · 0 excepted · 0 in the baseline

Evidence of 2026-11-21T23:39:56.648Z (live), seaworthy 0.1.0

### Findings

<details><summary><b>high</b> container <code>web</code>: shares the process ids</summary>

- rule: <code>SW-CTR-PID-HOST</code> Shares the process ids
- actual: <code>/proc/7/ns/pid</code> <code>pid</code> = <code>pid:1</code>

Fix:

<pre>
docker run: drop --pid=host
Compose:
  remove pid
</pre>

</details>
`);
  });

  it("shows the worst first, what could not be judged after it, and the rest only if verbose", () => {
    const report = sampleReport([
      sampleFinding({ verdict: "pass", message: "four" }),
      sampleFinding({ verdict: "unknown", message: "three" }),
      sampleFinding({ severity: "low", message: "two" }),
      sampleFinding({ severity: "critical", message: "one" }),
    ]);
    const heads = (text: string) =>
      [...text.matchAll(/<summary><b>(.*?)<\/b>.*: (\w+)</g)].map(([, ...parts]) => parts);
    const quiet = [
      ["critical", "one"],
      ["low", "two"],
      ["unknown", "three"],
    ];
    expect(heads(markdown(report, options))).toEqual(quiet);
    expect(heads(markdown(report, { ...options, verbose: true }))).toEqual([...quiet, ["pass", "four"]]);
  });

  it("says why a finding does not count, and where one stands in a file", () => {
    const text = markdown(
      sampleReport([
        sampleFinding({
          exception: { reason: "needed", source: "seaworthy.yaml:3" },
          location: { path: "Dockerfile", startLine: 7, startColumn: 1, endLine: 7, endColumn: 2 },
        }),
      ]),
      options,
    );
    expect(text).toContain("\n- excepted: needed (seaworthy.yaml:3)\n");
    expect(text).toContain("\n- at: <code>Dockerfile:7</code>\n");
  });

  it("lists problems", () => {
    const problem = { what: "no answer", where: "/run/docker.sock", todo: "start it" };
    expect(markdown(sampleReport([], { problems: [problem] }), options)).toContain(
      "### Problems\n\n- <b>no answer</b> /run/docker.sock: start it\n",
    );
    const many = markdown(sampleReport([], { problems: Array.from({ length: 25 }, () => problem) }), options);
    expect(many.match(/<b>no answer/g)).toHaveLength(20);
    expect(many).toContain("\n- 5 more\n");
  });

  it("has the table of a benchmark, and what failed in it", () => {
    const text = markdown(sampleReport([], { compliance: sampleCompliance() }), options);
    expect(text).toContain(
      "### CIS Docker Benchmark 1.8.0\n\n| section | pass | fail | unknown | manual | not-applicable |\n",
    );
    expect(text).toContain("| 4 Container images and build files | 1 | 1 | 0 | 1 | 0 |");
    expect(text).toContain("| 4.2 | Own words for recommendation 4.2 | <code>SW-HOST-RULE-2</code> | 3 |");
    expect(markdown(sampleReport([]), options)).not.toContain("section");
  });

  it("shows at most 200 findings, and says how many more there are", () => {
    const findings = Array.from({ length: 230 }, (_, at) =>
      sampleFinding({ message: `is bad ${at}`, remediation: "" }),
    );
    const text = markdown(sampleReport(findings), options);
    expect(text.match(/<details>/g)).toHaveLength(200);
    expect(text).toContain("\n30 more not shown here; the JSON report has them all.\n");
  });

  it("stays below what GitHub takes as a comment, however long the texts are", () => {
    const findings = Array.from({ length: 200 }, (_, at) =>
      sampleFinding({ subject: sampleSubject(`${at}${"<x".repeat(5000)}`), remediation: "<".repeat(9000) }),
    );
    const text = markdown(sampleReport(findings, { compliance: sampleCompliance() }), options);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/\n\d+ more not shown here/);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  it("ends with a newline with nothing in it, and with a whole host", () => {
    expect(markdown(sampleReport([]), options)).toMatch(/0\.1\.0\n$/);
    expect(markdown(sampleHost(3), options)).toMatch(/<\/details>\n$/);
  });
});
