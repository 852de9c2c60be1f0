import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Report } from "#model/report.ts";
import { sampleFinding, sampleHost, sampleReport, sampleSubject } from "../terminal/testing.ts";
import sarif from "./sarif.ts";
import { hostileReport, hostileText } from "./testing.ts";

// Microsoft, who edit the standard, ship its schema with their tools, in the 2020-12 draft of JSON Schema.
const schemas = createRequire(import.meta.url).resolve(
  "@microsoft/sarif-multitool-ts/schemas/ai-run.schema.json",
);
const schema = JSON.parse(
  readFileSync(new URL("../assets/sarif-2.1.0.schema.json", `file://${schemas}`), "utf8"),
);
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

function run(report: Report, verbose = false) {
  const log = JSON.parse(sarif(report, { colour: false, width: 80, verbose }));
  validate(log);
  expect(validate.errors).toBeNull();
  return log.runs[0];
}

describe("sarif", () => {
  it("follows the schema of SARIF 2.1.0", () => {
    const { results, tool } = run(sampleHost(3), true);
    expect(results).toHaveLength(sampleHost(3).findings.length);
    expect(tool.driver).toMatchObject({
      name: "seaworthy",
      version: "0.1.0",
      informationUri: "https://www.npmjs.com/package/seaworthy",
    });
  });

  it("follows the schema for any names", () => {
    fc.assert(
      fc.property(hostileReport, fc.boolean(), (report, verbose) => {
        expect(run(report, verbose).results.length).toBeLessThanOrEqual(report.findings.length);
      }),
      { numRuns: 50 },
    );
  });

  it("follows the schema with fixes of any title, file and text", () => {
    fc.assert(
      fc.property(fc.array(fc.array(hostileText, { minLength: 3, maxLength: 3 })), (texts) => {
        const fixes = texts.map(([title = "", path = "", text = ""]) => ({
          title,
          safety: "unsafe" as const,
          edits: [{ path, start: 1, end: 2, text }],
        }));
        const [result] = run(sampleReport([sampleFinding({ fixes })])).results;
        const different = new Set(fixes.map((fix) => JSON.stringify(fix)));
        expect(result.fixes ?? []).toHaveLength(different.size);
      }),
      { numRuns: 50 },
    );
  });

  it("tells two fixes that are the same once, as the schema wants", () => {
    const fix = {
      title: "Mend it",
      safety: "safe" as const,
      edits: [{ path: "f", start: 1, end: 2, text: "" }],
    };
    const [result] = run(sampleReport([sampleFinding({ fixes: [fix, { ...fix }] })])).results;
    expect(result.fixes).toHaveLength(1);
  });

  it("is refused by the schema if it were something else", () => {
    expect(validate({ version: "2.1.0", runs: [{ results: [] }] })).toBe(false);
  });

  it("describes each rule once, in the order of ids, with the rule's own texts", () => {
    const { tool, results } = run(
      sampleReport([
        sampleFinding({
          ruleId: "SW-CTR-PID-HOST",
          severity: "low",
          aliases: ["cis-docker-1.8:5.16"],
          verdict: "pass",
        }),
        sampleFinding({ ruleId: "SW-CTR-NET-HOST", message: "one" }),
        sampleFinding({ ruleId: "SW-CTR-NET-HOST", message: "two" }),
      ]),
    );
    const { rules } = tool.driver;
    expect(rules.map(({ id }: { id: string }) => id)).toEqual(["SW-CTR-NET-HOST", "SW-CTR-PID-HOST"]);
    expect(rules[1]).toMatchObject({
      name: "CtrPidHost",
      shortDescription: { text: "Shares the host's process ids" },
      helpUri: expect.stringMatching(
        /^https:\/\/unpkg\.com\/seaworthy@[^/]+\/docs\/rules\/SW-CTR-PID-HOST\.md$/,
      ),
      defaultConfiguration: { level: "error" },
      properties: { tags: ["security", "container", "cis-docker-1.8:5.16"], "security-severity": "8.0" },
    });
    expect(rules[1].fullDescription.text).toMatch(/^Every process of the host is visible from inside/);
    expect(rules[1].help.text).toContain("docker run: drop --pid=host\nCompose: remove pid: host");
    expect(rules[1].help.markdown).toContain(
      "\n\n    docker run: drop --pid=host\n    Compose: remove pid: host",
    );
    expect(rules[1].help.markdown).toContain("- [pid_namespaces(7)](https://man7.org/");
    expect(results.map(({ ruleIndex }: { ruleIndex: number }) => ruleIndex)).toEqual([0, 0]);
  });

  it.each([
    ["critical", "error", "9.5"],
    ["high", "error", "8.0"],
    ["medium", "warning", "5.5"],
    ["low", "note", "3.0"],
    ["info", "note", "0.0"],
  ] as const)("maps %s to %s and %s", (severity, level, number) => {
    const { tool, results } = run(sampleReport([sampleFinding({ ruleId: "SW-OTHER", severity })]));
    expect(results[0].level).toBe(level);
    expect(tool.driver.rules[0].defaultConfiguration.level).toBe(level);
    expect(tool.driver.rules[0].properties["security-severity"]).toBe(number);
  });

  it("shows what failed; what could not be judged, and the rest, only if verbose", () => {
    const report = sampleReport(
      (["fail", "unknown", "pass", "not-applicable"] as const).map((verdict) => sampleFinding({ verdict })),
    );
    const kinds = ({ results }: { results: { kind: string; level: string }[] }) =>
      results.map(({ kind, level }) => [kind, level]);
    expect(kinds(run(report))).toEqual([["fail", "warning"]]);
    expect(kinds(run(report, true))).toEqual([
      ["fail", "warning"],
      ["open", "none"],
      ["pass", "none"],
      ["notApplicable", "none"],
    ]);
  });

  it("says what is wrong with what, what was seen, and what to do", () => {
    const { results } = run(
      sampleReport([
        sampleFinding({
          message: "shares the host's process ids",
          evidence: [{ witness: "actual", source: "/proc/7/ns/pid", value: "pid:[1]" }],
          remediation: "docker run: drop --pid=host",
          fingerprint: "abc",
        }),
      ]),
    );
    expect(results[0].message.text).toBe(
      "container web: shares the host's process ids\nactual /proc/7/ns/pid: pid:[1]\ndocker run: drop --pid=host",
    );
    expect(results[0].partialFingerprints).toEqual({
      "seaworthy/v1": "abc",
      primaryLocationLineHash: "abc:1",
    });
    expect(results[0].properties.evidence).toHaveLength(1);
  });

  it("makes neither links nor placeholders of what was seen", () => {
    const { results } = run(sampleReport([sampleFinding({ message: "is [x](http://a) {0} {a}" })]));
    expect(results[0].message.text).toMatch(/^container web: is \[x\] \(http:\/\/a\) \{\{0\}\} \{a\}\n/);
  });

  it("places a subject as a file of its own, since viewers refuse a result without one", () => {
    const { results } = run(
      sampleReport([
        sampleFinding({ subject: sampleSubject("docker.io/library/a b:1%", { kind: "image" }) }),
      ]),
    );
    expect(results[0].locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: "image/docker.io/library/a%20b%3A1%25" },
          region: { startLine: 1 },
        },
        logicalLocations: [
          {
            name: "docker.io/library/a b:1%",
            fullyQualifiedName: "image/docker.io/library/a b:1%",
            kind: "resource",
          },
        ],
      },
    ]);
  });

  it("places a finding in a file at its lines", () => {
    const location = { path: "a b/Dockerfile", startLine: 2, startColumn: 1, endLine: 3, endColumn: 9 };
    const { results } = run(
      sampleReport([
        sampleFinding({ location }),
        sampleFinding({ location: { ...location, path: "/etc/docker/daemon.json" }, message: "two" }),
      ]),
    );
    const places = results.map(
      (result: { locations: { physicalLocation: object }[] }) => result.locations[0],
    );
    expect(places).toMatchObject([
      {
        physicalLocation: {
          artifactLocation: { uri: "a%20b/Dockerfile" },
          region: { startLine: 2, startColumn: 1, endLine: 3, endColumn: 9 },
        },
      },
      { physicalLocation: { artifactLocation: { uri: "file:///etc/docker/daemon.json" } } },
    ]);
  });

  it("offers fixes as replacements in lines and columns, marked where they may change behaviour", () => {
    const location = { path: "a b/Dockerfile", startLine: 2, startColumn: 1, endLine: 2, endColumn: 9 };
    const region = { startLine: 2, startColumn: 5, endLine: 2, endColumn: 5 };
    const edit = { path: "a b/Dockerfile", start: 20, end: 20, text: " -y", region };
    const { results } = run(
      sampleReport([
        sampleFinding({
          location,
          fixes: [
            { title: "Add -y", safety: "safe", edits: [edit] },
            {
              title: "Remove {0} [x](y)",
              safety: "unsafe",
              edits: [{ ...edit, path: "/b", end: 24, text: "" }],
            },
            { title: "Both", safety: "safe", edits: [edit, { ...edit, path: "b" }, edit] },
          ],
        }),
      ]),
    );
    const [insert, remove, both] = results[0].fixes;
    expect(insert).toEqual({
      description: { text: "Add -y" },
      artifactChanges: [
        {
          artifactLocation: { uri: "a%20b/Dockerfile" },
          replacements: [{ deletedRegion: region, insertedContent: { text: " -y" } }],
        },
      ],
      properties: { safety: "safe" },
    });
    expect(remove.description.text).toBe("Remove {{0}} [x] (y) (may change behaviour)");
    expect(remove.artifactChanges[0].artifactLocation.uri).toBe("file:///b");
    expect(remove.artifactChanges[0].replacements[0]).not.toHaveProperty("insertedContent");
    expect(
      both.artifactChanges.map(({ replacements }: { replacements: object[] }) => replacements.length),
    ).toEqual([2, 1]);
  });

  it("places a fix by its offsets where lines are not known", () => {
    const edits = [{ path: "Dockerfile", start: 20, end: 24, text: "x" }];
    const { results } = run(
      sampleReport([sampleFinding({ fixes: [{ title: "Mend", safety: "safe", edits }] })]),
    );
    expect(results[0].fixes[0].artifactChanges[0].replacements[0].deletedRegion).toEqual({
      charOffset: 20,
      charLength: 4,
    });
    expect(run(sampleReport([sampleFinding()])).results[0]).not.toHaveProperty("fixes");
  });

  it("carries exceptions as accepted suppressions, on all results or on none", () => {
    const plain = sampleFinding({ severity: "high" });
    const exception = { reason: "needed", owner: "ops", source: "seaworthy.yaml:3" };
    expect(run(sampleReport([plain])).results[0]).not.toHaveProperty("suppressions");
    const { results } = run(sampleReport([plain, sampleFinding({ exception })]));
    expect(results[0].suppressions).toEqual([]);
    expect(results[1].suppressions).toEqual([
      {
        kind: "external",
        status: "accepted",
        justification: "needed",
        properties: { source: "seaworthy.yaml:3", owner: "ops" },
      },
    ]);
  });

  it("tells new from known results if there is a baseline", () => {
    const plain = sampleFinding({ severity: "high" });
    expect(run(sampleReport([plain])).results[0]).not.toHaveProperty("baselineState");
    const { results } = run(sampleReport([plain, sampleFinding({ known: true })]));
    expect(results.map(({ baselineState }: { baselineState: string }) => baselineState)).toEqual([
      "new",
      "unchanged",
    ]);
  });

  it("reports problems as notifications; a run that could not be completed was not successful", () => {
    expect(run(sampleReport([])).invocations).toEqual([
      { executionSuccessful: true, toolExecutionNotifications: [] },
    ]);
    const problems = [{ what: "engine did not answer", where: "unix:///run/docker.sock", todo: "start it" }];
    const { summary } = sampleReport([]);
    const incomplete = { problems, summary: { ...summary, complete: false } };
    expect(run(sampleReport([], incomplete)).invocations).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: "warning",
            message: { text: "engine did not answer: unix:///run/docker.sock\nstart it" },
          },
        ],
      },
    ]);
  });
});
