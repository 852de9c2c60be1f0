import * as fs from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "#model/report.ts";
import { isAtLeast } from "#model/severity.ts";
import { DOCKERD_NEEDS, type Engine, startDockerd } from "../support/dockerd.ts";
import { suite } from "../support/packages.ts";
import { disagreement, check, checkReport } from "../support/seaworthy.ts";
import { type Expectation, fails, passes } from "../support/situation.ts";
import { SITUATIONS, startSituations } from "../support/situations.ts";
import { SECRETS } from "../support/situations/lifecycle.ts";

/** What must be said of the engine itself, which runs with defaults and a daemon.json that all may write. */
const ENGINE: readonly Expectation[] = [
  // docker-bench compares modes as decimal numbers: 602 passes as less than 644.
  fails("SW-HOST-FILE-DAEMON-JSON-MODE", { subject: { kind: "host" }, mention: /602/ }),
  fails("SW-ENGINE-USERNS", { subject: { kind: "engine" } }),
  fails("SW-ENGINE-NNP", { subject: { kind: "engine" } }),
  fails("SW-ENGINE-ICC", { subject: { kind: "engine" } }),
  passes("SW-ENGINE-SECCOMP", { subject: { kind: "engine" } }),
  passes("SW-ENGINE-IPTABLES", { subject: { kind: "engine" } }),
  passes("SW-ENGINE-TCP-OPEN", { subject: { kind: "engine" } }),
];

suite("one engine, one container per situation", { packages: DOCKERD_NEEDS }, () => {
  let engine: Engine;
  let report: Report;
  let code: number | null;
  let evidence: string;

  beforeAll(async () => {
    engine = await startDockerd({ configMode: 0o602 }, "situations");
    await startSituations(engine);
    evidence = join(engine.host.folder, "evidence.json");
    const args = ["--host", `unix://${engine.socket}`, "--timeout", "10", "--save-evidence", evidence];
    ({ report, code } = await checkReport(args));
  });

  afterAll(async () => {
    await engine?.stop();
  });

  describe.each(SITUATIONS.map((situation) => [situation.name, situation] as const))(
    "%s",
    (name, situation) => {
      it.each(
        situation.expect.map((expected) => [`${expected.ruleId}: ${expected.verdict}`, expected] as const),
      )("%s", (_title, expected) => {
        expect(disagreement(report, expected, name)).toBeNull();
      });
    },
  );

  it.each(ENGINE.map((expected) => [`${expected.ruleId}: ${expected.verdict}`, expected] as const))(
    "engine %s",
    (_title, expected) => {
      expect(disagreement(report, expected)).toBeNull();
    },
  );

  it("leaves nothing high or critical on the hardened container", () => {
    const open = report.findings.filter(
      ({ subject, verdict, severity }) =>
        subject.kind === "container" &&
        subject.name === "hardened" &&
        verdict === "fail" &&
        isAtLeast(severity, "high"),
    );
    expect(open.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  });

  it("shows evidence for every fault", () => {
    const bare = report.findings.filter(
      ({ verdict, evidence: seen }) => verdict === "fail" && seen.length === 0,
    );
    expect(bare.map(({ ruleId, subject }) => `${ruleId} on ${subject.name}`)).toEqual([]);
  });

  it("judges every container, completely", () => {
    const names = new Set(report.subjects.filter(({ kind }) => kind === "container").map(({ name }) => name));
    expect(SITUATIONS.filter(({ name }) => !names.has(name)).map(({ name }) => name)).toEqual([]);
    expect(report.problems).toEqual([]);
    expect(code).toBe(1);
  });

  it("writes no secret into report or evidence", () => {
    const texts = [JSON.stringify(report), fs.readFileSync(evidence, "utf8")];
    for (const value of Object.values(SECRETS)) {
      for (const text of texts) expect(text.includes(value)).toBe(false);
    }
  });

  it("judges the saved evidence as it judged the world", async () => {
    const replay = await checkReport(["--evidence", evidence]);
    expect(replay.report.findings).toEqual(report.findings);
    expect(replay.code).toBe(code);
  });

  it("lets a policy file except one finding, and the gate decide", async () => {
    const policy = join(engine.host.folder, "policy.yaml");
    fs.writeFileSync(
      policy,
      [
        "exceptions:",
        "  - rule: SW-CTR-PRIVILEGED",
        "    subject: privileged",
        "    reason: test of the exception",
        '    expires: "2999-01-01"',
        "",
      ].join("\n"),
    );
    const excepted = await checkReport(["--evidence", evidence, "--policy", policy, "--fail-on", "never"]);
    expect(excepted.code).toBe(0);
    const finding = excepted.report.findings.find(
      ({ ruleId, subject }) => ruleId === "SW-CTR-PRIVILEGED" && subject.name === "privileged",
    );
    expect(finding?.exception?.reason).toBe("test of the exception");
    const wrong = await check(["--evidence", evidence, "--policy", join(engine.host.folder, "none.yaml")]);
    expect(wrong.code).toBe(2);
  });
});
