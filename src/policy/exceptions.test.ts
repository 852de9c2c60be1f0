import { describe, expect, it } from "vitest";
import type { Finding } from "#model/finding.ts";
import { applyPolicy, isGated } from "./apply.ts";
import { hasExpired } from "./exceptions.ts";
import type { Exception, Policy } from "./policy.ts";
import { container, exception, finding, policy } from "./testing.ts";

const NOW = Date.parse("2026-06-15T12:00:00Z");

function apply(findings: Finding[], exceptions: Exception[], more: Partial<Policy> = {}) {
  return applyPolicy(findings, policy({ exceptions, ...more }), new Set(), NOW);
}

describe("exceptions in force", () => {
  it("cover failures, which stay in the list but do not count", () => {
    const { findings, notices } = apply(
      [finding(), finding({ subject: container("db") })],
      [exception({ owner: "ops", expires: "2026-12-31" })],
    );
    expect(findings.map(({ exception }) => exception)).toEqual([
      {
        reason: "it monitors the host",
        owner: "ops",
        expires: "2026-12-31",
        source: "seaworthy.yaml:3",
      },
      null,
    ]);
    expect(findings.map((item) => isGated(item, "high"))).toEqual([false, true]);
    expect(notices).toEqual([]);
  });

  it("leave out the owner and the date that they do not have", () => {
    const [covered] = apply([finding()], [exception()]).findings;
    expect(covered?.exception).toEqual({ reason: "it monitors the host", source: "seaworthy.yaml:3" });
  });

  it.each([
    { rule: "cis-docker-1.8:5.16" },
    { rule: "SW-CTR-*" },
    { subject: "container:w*" },
    { subject: "image:nginx:*" },
  ])("are found by %j", (changes) => {
    expect(apply([finding()], [exception(changes)]).findings[0]?.exception).not.toBeNull();
  });

  it.each([{ rule: "SW-CTR-PID" }, { subject: "we" }, { subject: "host:web" }])(
    "are not found by %j",
    (changes) => {
      expect(apply([finding()], [exception(changes)]).findings[0]?.exception).toBeNull();
    },
  );

  it("win by their order, and one that is never reached is named", () => {
    const { findings, notices } = apply(
      [finding()],
      [
        exception({ rule: "*", reason: "first" }),
        exception({ reason: "second", source: "seaworthy.yaml:9" }),
      ],
    );
    expect(findings[0]?.exception?.reason).toBe("first");
    expect(notices).toEqual([
      {
        what: "exception for SW-CTR-PID-HOST on web is never reached: an earlier one covers the same",
        where: "seaworthy.yaml:9",
        todo: "remove it",
      },
    ]);
  });

  it.each(["pass", "unknown", "not-applicable"] as const)("do not cover the verdict %s", (verdict) => {
    expect(apply([finding({ verdict })], [exception()]).findings[0]?.exception).toBeNull();
  });
});

describe("exceptions that cover nothing", () => {
  it("are named", () => {
    expect(apply([finding({ verdict: "pass" })], [exception()]).notices).toEqual([
      {
        what: "exception for SW-CTR-PID-HOST on web covers nothing",
        where: "seaworthy.yaml:3",
        todo: "remove it, unless another host needs it",
      },
    ]);
  });

  it("are not named while what they are for could not be judged", () => {
    expect(apply([finding({ verdict: "unknown" })], [exception()]).notices).toEqual([]);
  });

  it("are not named when a narrower run leaves their findings out", () => {
    const findings = [finding(), finding({ ruleId: "SW-CTR-NET-HOST", aliases: [] })];
    expect(apply(findings, [exception()], { only: ["SW-CTR-NET-HOST"] }).notices).toEqual([]);
    expect(apply(findings, [exception()], { subjects: { include: [], exclude: ["web"] } }).notices).toEqual(
      [],
    );
  });
});

describe("exceptions that have expired", () => {
  it("cover nothing, and say how many findings count again", () => {
    const { findings, notices } = apply([finding()], [exception({ expires: "2026-06-14" })]);
    expect(findings[0]?.exception).toBeNull();
    expect(notices).toEqual([
      {
        what: "exception for SW-CTR-PID-HOST on web expired on 2026-06-14: 1 finding fails again",
        where: "seaworthy.yaml:3",
        todo: "fix what it covered, or give it a later date",
      },
    ]);
    expect(
      apply(
        [finding(), finding({ subject: container("web2") })],
        [exception({ subject: "web*", expires: "2026-06-14" })],
      ).notices[0]?.what,
    ).toContain("2 findings fail again");
  });

  it("say nothing of findings that did not fail, or are not selected", () => {
    const old = exception({ expires: "2026-06-14" });
    expect(apply([finding({ verdict: "pass" })], [old]).notices[0]?.what).not.toContain("again");
    expect(apply([finding()], [old], { rules: { "SW-*": "off" } }).notices[0]?.what).not.toContain("again");
  });

  it("leave the finding to the next one that matches", () => {
    const { findings, notices } = apply(
      [finding()],
      [exception({ expires: "2026-06-14" }), exception({ reason: "renewed", expires: "2026-12-31" })],
    );
    expect(findings[0]?.exception?.reason).toBe("renewed");
    expect(notices).toEqual([
      {
        what: "exception for SW-CTR-PID-HOST on web expired on 2026-06-14",
        where: "seaworthy.yaml:3",
        todo: "remove it",
      },
    ]);
  });

  it("do so after the end of their last day in UTC", () => {
    expect(hasExpired("2026-06-15", Date.parse("2026-06-15T23:59:59.999Z"))).toBe(false);
    expect(hasExpired("2026-06-15", Date.parse("2026-06-16T00:00:00Z"))).toBe(true);
    expect(hasExpired(null, Number.MAX_SAFE_INTEGER)).toBe(false);
    expect(hasExpired("some day", NOW)).toBe(true);
  });
});
