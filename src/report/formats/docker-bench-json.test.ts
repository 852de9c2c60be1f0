import { describe, expect, it } from "vitest";
import type { Finding } from "#model/finding.ts";
import { sampleFinding, sampleReport, sampleSubject } from "../terminal/testing.ts";
import dockerBenchJson from "./docker-bench-json.ts";

const PID = ["cis-docker-1.8:5.16", "cis-docker-1.7:5.16", "cis-docker-1.6:5.16"];

function results(findings: Finding[]) {
  const log = JSON.parse(dockerBenchJson(sampleReport(findings)));
  return log.tests.flatMap((section: { results: object[] }) => section.results);
}

describe("docker-bench-json", () => {
  it("has the layout of docker-bench-security's log", () => {
    const log = JSON.parse(
      dockerBenchJson(
        sampleReport([
          sampleFinding({ aliases: PID, message: "shares them", remediation: "drop --pid=host" }),
          sampleFinding({ aliases: ["cis-docker-1.8:2.8", "cis-docker-1.6:2.7"], verdict: "pass" }),
          sampleFinding({ aliases: ["cis-docker-1.6:5.2"], verdict: "pass" }),
          sampleFinding({ aliases: ["cis-docker-1.6:1.1.3"], verdict: "pass" }),
          sampleFinding({ aliases: ["cis-docker-1.8:2.7", "trivy:X"], ruleId: "SW-NOT-IN-1.6" }),
        ]),
      ),
    );
    expect(log).toEqual({
      dockerbenchsecurity: "1.6.0 (layout), seaworthy 0.1.0",
      start: 1795304396,
      tests: [
        {
          id: "1",
          desc: "Host",
          results: [{ id: "1.1.3", desc: "Audit rule for dockerd", result: "PASS" }],
        },
        {
          id: "2",
          desc: "Daemon: settings",
          results: [{ id: "2.7", desc: "The TCP API demands client certificates", result: "PASS" }],
        },
        {
          id: "5",
          desc: "Containers",
          results: [
            { id: "5.2", desc: "AppArmor confines", result: "PASS" },
            {
              id: "5.16",
              desc: "Own process ids",
              result: "WARN",
              details: "container web: shares them",
              items: ["web"],
              remediation: "drop --pid=host",
            },
          ],
        },
      ],
      checks: 4,
      score: 2,
      end: 1795304397,
    });
  });

  it("names each failed subject once, never split at blanks", () => {
    const findings = ["a b", "c", "c"].map((name, at) =>
      sampleFinding({
        aliases: PID,
        subject: sampleSubject(name),
        message: `is bad ${at}`,
        remediation: `fix ${at}`,
      }),
    );
    const passed = sampleFinding({ aliases: PID, subject: sampleSubject("d"), verdict: "pass" });
    expect(results([...findings, passed])).toMatchObject([
      {
        result: "WARN",
        items: ["a b", "c"],
        details: "container a b: is bad 0; container c: is bad 1; container c: is bad 2",
        remediation: "fix 0\nfix 1\nfix 2",
      },
    ]);
  });

  it.each([
    ["WARN", [{}, { verdict: "unknown" }, { verdict: "pass" }]],
    ["INFO", [{ verdict: "unknown" }, { verdict: "pass" }, { known: true }]],
    ["NOTE", [{ known: true }, { verdict: "pass" }]],
    ["NOTE", [{ exception: { reason: "needed", source: "label" } }, { verdict: "pass" }]],
    ["PASS", [{ verdict: "pass" }, { verdict: "not-applicable" }]],
    ["NOTE", [{ verdict: "not-applicable" }]],
  ] as [string, Partial<Finding>[]][])("says %s of %j", (outcome, changes) => {
    const findings = changes.map((change, at) =>
      sampleFinding({ aliases: PID, message: `${at}`, ...change }),
    );
    expect(results(findings)).toMatchObject([{ result: outcome }]);
  });

  it("gives the reason of what is not a plain pass or warning", () => {
    expect(
      results([sampleFinding({ aliases: PID, verdict: "unknown", message: "permission denied" })])[0],
    ).toEqual({
      id: "5.16",
      desc: "Own process ids",
      result: "INFO",
      details: "container web: permission denied",
    });
    expect(
      results([sampleFinding({ aliases: PID, verdict: "not-applicable", message: "is off" })])[0],
    ).toMatchObject({ details: "container web: is off (not applicable)" });
    expect(results([sampleFinding({ aliases: PID, known: true, message: "is bad" })])[0]).toMatchObject({
      details: "container web: is bad (known: stands in the baseline)",
    });
  });

  it("takes a time that cannot be read as 0, and no findings as an empty log", () => {
    expect(JSON.parse(dockerBenchJson(sampleReport([], { collectedAt: "?" })))).toMatchObject({
      start: 0,
      end: 1,
      tests: [],
      checks: 0,
      score: 0,
    });
  });
});
