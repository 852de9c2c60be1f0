import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "#model/finding.ts";
import type { Report } from "#model/report.ts";
import { SEVERITIES } from "#model/severity.ts";
import { sampleFinding, sampleHost, sampleReport, sampleSubject } from "../terminal/testing.ts";
import { displayWidth } from "../terminal/width.ts";
import table from "./table.ts";

function draw(report: Report, width = 100, verbose = false): string {
  return table(report, { colour: false, width, verbose });
}

/** The line with this text in it. */
function lineWith(text: string, part: string): string {
  return text.split("\n").find((line) => line.includes(part)) ?? "";
}

describe("one finding", () => {
  const report = sampleReport([
    sampleFinding({
      severity: "high",
      ruleId: "SW-CTR-PID-HOST",
      message: "shares the host's process ids",
      evidence: [
        { witness: "actual", source: "/proc/812/ns/pid", value: "pid:[4026531836]" },
        { witness: "declared", source: "docker inspect web", path: "HostConfig.PidMode", value: "host" },
      ],
      remediation: "docker run: drop --pid=host\nCompose: remove pid: host",
    }),
  ]);

  it("shows subject, severity, id, each witness with its source, and the fix", () => {
    expect(draw(report, 80).split("\n").slice(0, 6)).toEqual([
      "web  container, nginx:1.25, running 3 h                                   1 high",
      "  ✗ high      shares the host's process ids                      SW-CTR-PID-HOST",
      "              actual     pid:[4026531836]  (/proc/812/ns/pid)",
      "              declared   host  (docker inspect web, HostConfig.PidMode)",
      "              fix        docker run:  drop --pid=host",
      "                         Compose:     remove pid: host",
    ]);
  });

  it("says the same in a narrow terminal", () => {
    expect(draw(report, 40).split("\n").slice(0, 10)).toEqual([
      "web  container, nginx:1.25,       1 high",
      "running 3 h",
      "✗ high                   SW-CTR-PID-HOST",
      "  shares the host's process ids",
      "  actual     pid:[4026531836]",
      "             (/proc/812/ns/pid)",
      "  declared   host  (docker inspect web,",
      "             HostConfig.PidMode)",
      "  fix        docker run: drop --pid=host",
      "             Compose: remove pid: host",
    ]);
  });

  it("ends with totals, gate and the next steps", () => {
    const text = draw(report, 80);
    expect(lineWith(text, "0 passed")).toMatch(/^0 passed · 1 failed \(1 high\) +0\.31 s$/);
    expect(text).toContain("1 at or above the gate (high)");
    expect(text).toContain("next: seaworthy explain SW-CTR-PID-HOST");
    expect(text).toContain("--format html > report.html");
  });

  it("names the severity in words and colours nothing without colour", () => {
    expect(draw(report)).not.toContain("\u001b");
    const coloured = table(report, { colour: true, width: 100, verbose: false });
    expect(coloured).toContain("\u001b[31m✗ high\u001b[39m");
    expect(stripVTControlCharacters(coloured)).toBe(draw(report));
  });
});

describe("folding", () => {
  const evidence = Array.from({ length: 5 }, (_, at) => ({
    witness: "actual" as const,
    source: `/proc/${at}`,
    value: `value ${at}`,
  }));
  const report = sampleReport([
    sampleFinding({ severity: "high", evidence }),
    sampleFinding({ severity: "low", ruleId: "SW-CTR-HEALTH", message: "has no health check" }),
    sampleFinding({ severity: "info", ruleId: "SW-CTR-LABEL", message: "has no labels" }),
    sampleFinding({ verdict: "pass", ruleId: "SW-CTR-IPC-HOST", message: "has its own ipc namespace" }),
  ]);

  it("puts what is below medium, further evidence and passes away until they are asked for", () => {
    const text = draw(report);
    expect(text).toContain("and 2 more below medium: CTR-HEALTH, CTR-LABEL (--verbose)");
    expect(text).not.toContain("has no health check");
    expect(text).toContain("value 2");
    expect(text).not.toContain("value 3");
    expect(text).toContain("and 2 more (--verbose)");
    expect(text).not.toContain("has its own ipc namespace");
    const all = draw(report, 100, true);
    expect(all).toContain("- low       has no health check");
    expect(all).toContain("i info      has no labels");
    expect(all).toContain("value 4");
    expect(lineWith(all, "own ipc namespace")).toMatch(/^ {2}✓ passed .*SW-CTR-IPC-HOST$/);
    expect(all).not.toContain("--verbose");
  });

  it("shows a few low findings where there is nothing worse", () => {
    const text = draw(sampleReport([sampleFinding({ severity: "low" })]));
    expect(text).toContain("- low       may use all memory");
  });

  it("folds many low findings into the line of a clean subject", () => {
    const many = Array.from({ length: 6 }, (_, at) =>
      sampleFinding({ severity: "low", ruleId: `SW-X-${at}` }),
    );
    expect(lineWith(draw(sampleReport(many)), "web")).toMatch(/^✓ web {2}container.* only 6 below medium$/);
  });
});

describe("subjects without findings", () => {
  it("take one line with a check mark", () => {
    const text = draw(sampleReport([sampleFinding({ verdict: "pass" })]), 80);
    expect(text.split("\n")[0]).toMatch(/^✓ web {2}container, nginx:1\.25, running 3 h +nothing found$/);
  });

  it("share a line where they are many", () => {
    const clean = Array.from({ length: 30 }, (_, at) =>
      sampleFinding({ verdict: "pass", subject: sampleSubject(`c${at}`) }),
    );
    const text = draw(sampleReport(clean), 80);
    expect(text.split("\n")[0]).toMatch(
      /^✓ 30 containers {2}c0, c1, .* and \d+ more +nothing at or above medium$/,
    );
  });

  it("are not mentioned if no rule applies to them", () => {
    const text = draw(sampleReport([sampleFinding({ verdict: "not-applicable" })]));
    expect(text).not.toContain("container web");
  });

  it("are not called clean if nothing could be judged", () => {
    const text = draw(sampleReport([sampleFinding({ verdict: "unknown", message: "timed out" })]));
    expect(text).not.toContain("✓");
    expect(text).toContain("nothing judged on  container web");
    expect(lineWith(text, "timed out")).toMatch(/^ {2}\? 1 × +timed out +SW-CTR-MEMORY$/);
  });
});

describe("many containers", () => {
  it("stay readable: 50 plain ones fit on about 120 lines, at every usual width", () => {
    for (const width of [80, 100, 140, 200]) {
      const lines = draw(sampleHost(50), width).split("\n");
      expect(lines.length).toBeLessThanOrEqual(121);
    }
  });

  it("are named in one block, with what is special told apart", () => {
    const text = draw(sampleHost(50), 120);
    expect(text).toContain("runs as root (nginx): auth, cache, db, mail and 46 more");
    expect(text.match(/runs as root/g)).toHaveLength(1);
    expect(text).toContain("49 of them have nothing else at or above medium");
    expect(text.indexOf("engine's socket")).toBeLessThan(text.indexOf("runs as root"));
  });

  it("show examples where their messages differ", () => {
    const findings = ["a", "b", "c", "d"].map((name) =>
      sampleFinding({
        subject: sampleSubject(name),
        title: "Publishes a port",
        message: name === "d" ? "publishes ssh" : `publishes port ${name.charCodeAt(0)}`,
      }),
    );
    const text = draw(sampleReport(findings));
    expect(text).toContain("publishes a port: a, b, c, d");
    expect(text).toContain("e.g.       a: publishes port 97");
    expect(text).not.toContain("publishes port 98");
    expect(text).toContain("e.g.       d: publishes ssh");
  });
});

describe("long reports", () => {
  const evidence = [{ witness: "actual" as const, source: "/proc/1", value: "what was seen" }];
  const many = (count: number, severity: "medium" | "high", rule = (at: number) => `SW-RULE-${at}`) =>
    Array.from({ length: count }, (_, at) =>
      sampleFinding({
        severity,
        ruleId: rule(at),
        message: `fault number ${at}`,
        title: "A fault is there",
        evidence,
      }),
    );

  it("tell medium findings shorter and still show each of them", () => {
    const short = draw(sampleReport(many(5, "medium")));
    expect(short.match(/what was seen/g)).toHaveLength(5);
    const long = draw(sampleReport(many(60, "medium")));
    expect(long).not.toContain("what was seen");
    expect(long.match(/! medium/g)).toHaveLength(60);
  });

  it("keep high findings with their fix when medium ones no longer fit", () => {
    const text = draw(sampleReport([...many(8, "high"), ...many(120, "medium")]));
    expect(text.match(/✗ high/g)).toHaveLength(8);
    expect(text.match(/fix {8}docker run:/g)).toHaveLength(8);
    expect(text).toContain("and 120 more below high: RULE-0, RULE-1");
  });

  it("tell what one rule found many times in one block, and the fix once", () => {
    const text = draw(sampleReport([...many(9, "high", () => "SW-SAME"), ...many(60, "medium")]));
    expect(lineWith(text, "SW-SAME")).toMatch(/^ {2}✗ high {6}a fault is there: 9 times +SW-SAME$/);
    expect(text).toContain("              - fault number 8\n              fix        docker run:");
    expect(text.match(/fix {8}docker run:/g)).toHaveLength(1);
  });
});

describe("what does not count", () => {
  const exception = {
    reason: "rotated hourly",
    owner: "platform",
    expires: "2027-03-31",
    source: "seaworthy.yaml:12",
  };
  const report = sampleReport([
    sampleFinding({ severity: "high", ruleId: "SW-A", exception }),
    sampleFinding({ severity: "high", ruleId: "SW-B", known: true }),
    sampleFinding({ severity: "medium", ruleId: "SW-C" }),
  ]);

  it("takes a line each, and the reason in --verbose", () => {
    const text = draw(report);
    expect(text).toContain("~ excepted  1 by the policy: A");
    expect(text).toContain("= known     1 in the baseline: B");
    expect(text).toContain("0 passed · 1 failed (1 medium) · 1 excepted · 1 in the baseline");
    expect(text).not.toContain("at or above the gate");
    expect(draw(report, 120, true)).toContain(
      "reason     rotated hourly (platform), until 2027-03-31; seaworthy.yaml:12",
    );
  });
});

it("puts problems first and says what to do", () => {
  const text = draw({
    ...sampleReport([sampleFinding()]),
    problems: [{ what: "the engine does not answer", where: "unix:///run/docker.sock", todo: "start it" }],
  });
  const [first, second] = text.split("\n");
  expect(first).toBe("  ! problem   the engine does not answer (unix:///run/docker.sock)");
  expect(second).toBe("              do         start it");
});

it("says so when it is not complete", () => {
  const report = sampleReport([sampleFinding()]);
  expect(draw(report)).not.toContain("not complete");
  const cut = { ...report, summary: { ...report.summary, complete: false } };
  expect(draw(cut)).toContain("\nnot complete: see the problems above\n");
});

it("says which evidence was replayed", () => {
  const text = draw(sampleReport([sampleFinding()], { source: "evidence.json" }));
  expect(text).toMatch(/^replayed {2}evidence of 2026-11-21T23:39:56.648Z from evidence\.json\n/);
});

it("says so when there was nothing to judge", () => {
  expect(draw(sampleReport([]))).toMatch(/^nothing to judge/);
});

// Any code point, control characters and lone surrogates often.
const anyCharacter = fc
  .oneof(fc.nat(0xff), fc.integer({ min: 0x2000, max: 0x2fff }), fc.nat(0x10ffff))
  .map((code) => String.fromCodePoint(code));

const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const SGR = /\u001b\[\d+m/g; // oxlint-disable-line no-control-regex

describe("hostile text", () => {
  const text = fc.oneof(
    fc.string({ unit: anyCharacter, maxLength: 80 }),
    fc.string({ unit: "grapheme", maxLength: 80 }),
    fc.constantFrom(
      "\u001b]0;title\u0007",
      "a\n  ✓ clean",
      "\u202egnp",
      "x".repeat(300),
      "データ ".repeat(20),
      "",
    ),
  );
  const id = fc.stringMatching(/^SW-[A-Z]{1,6}-[A-Z-]{1,30}$/);
  const finding: fc.Arbitrary<Finding> = fc
    .record({
      name: text,
      ruleId: id,
      message: text,
      remediation: text,
      title: text,
      value: text,
      source: text,
      path: text,
      severity: fc.constantFrom(...SEVERITIES),
      verdict: fc.constantFrom(
        "fail" as const,
        "unknown" as const,
        "pass" as const,
        "not-applicable" as const,
      ),
      reason: fc.option(text),
      known: fc.boolean(),
    })
    .map(({ name, value, source, path, reason, ...rest }) =>
      sampleFinding({
        ...rest,
        subject: sampleSubject(name, { image: value }),
        location: rest.known ? { path, startLine: 1, startColumn: 2, endLine: 3, endColumn: 4 } : null,
        evidence: [{ witness: "specified", source, path, value }],
        exception: reason === null ? null : { reason, owner: source, source: path },
      }),
    );

  it("never leaves its line or its width, and never reaches the terminal raw", () => {
    fc.assert(
      fc.property(
        fc.array(finding, { maxLength: 12 }),
        fc.record({ what: text, where: text, todo: text }),
        fc.integer({ min: 40, max: 200 }),
        fc.boolean(),
        fc.boolean(),
        (findings, problem, width, verbose, colour) => {
          const report = sampleReport(findings, { problems: [problem] });
          const drawn = table(report, { colour, width, verbose });
          const ids = findings.map(({ ruleId }) => ruleId);
          const lines = drawn.split("\n");
          const plain = lines.map((line) => line.replace(SGR, ""));
          expect(plain.filter((line) => OBEYED.test(line) || line !== line.trimEnd())).toEqual([]);
          expect(
            plain.filter((line) => displayWidth(line) > width && !ids.some((each) => line.includes(each))),
          ).toEqual([]);
          expect(colour || !SGR.test(drawn)).toBe(true);
          expect(verbose ? ids.filter((each) => !drawn.includes(each)) : []).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
