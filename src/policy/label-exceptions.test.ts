import { describe, expect, it } from "vitest";
import type { Finding } from "#model/finding.ts";
import { applyPolicy } from "./apply.ts";
import type { Policy } from "./policy.ts";
import { container, exception, finding, policy } from "./testing.ts";

const LABEL = "seaworthy.exception.SW-CTR-PID-HOST";
const labelled = (reason: string, name = "web") => container(name, { labels: { [LABEL]: reason } });

function apply(findings: Finding[], more: Partial<Policy> = {}) {
  return applyPolicy(findings, policy(more), new Set(), 0);
}

describe("labels that count", () => {
  const counts = { labelExceptions: true };

  it("cover the failure of their rule on their container", () => {
    const subject = labelled(" it monitors the host ");
    const { findings, notices } = apply(
      [finding({ subject }), finding({ subject, ruleId: "SW-CTR-NET-HOST" }), finding()],
      counts,
    );
    expect(findings.map(({ exception }) => exception)).toEqual([
      { reason: "it monitors the host", source: `label ${LABEL}` },
      null,
      null,
    ]);
    expect(notices).toEqual([]);
  });

  it("need a reason", () => {
    const { findings, notices } = apply([finding({ subject: labelled(" ") })], counts);
    expect(findings[0]?.exception).toBeNull();
    expect(notices.map(({ what }) => what)).toEqual([
      `exception labels without a reason, so ignored: ${LABEL} on web`,
    ]);
  });

  it("count on containers only: whoever builds an image does not judge it", () => {
    const subject = { ...labelled("trust me"), kind: "image" } as const;
    expect(apply([finding({ subject })], counts).findings[0]?.exception).toBeNull();
    expect(apply([finding({ subject })]).notices).toEqual([]);
  });

  it("name a rule, not a glob", () => {
    const subject = container("web", { labels: { "seaworthy.exception.*": "everything is fine" } });
    const { findings, notices } = apply([finding({ subject })], counts);
    expect(findings[0]?.exception).toBeNull();
    expect(notices[0]?.what).toBe("exception labels that cover nothing: seaworthy.exception.* on web");
  });

  it("are not called superfluous while their rule could not be judged", () => {
    expect(apply([finding({ subject: labelled("r"), verdict: "unknown" })], counts).notices).toEqual([]);
    expect(apply([finding({ subject: labelled("r"), verdict: "pass" })], counts).notices).toHaveLength(1);
  });

  it("stand behind the policy file, and before an expired exception of it", () => {
    const findings = [finding({ subject: labelled("by label") })];
    const byFile = apply(findings, { ...counts, exceptions: [exception({ reason: "by file" })] });
    expect(byFile.findings[0]?.exception?.reason).toBe("by file");
    const expired = apply(findings, { ...counts, exceptions: [exception({ expires: "1969-12-31" })] });
    expect(expired.findings[0]?.exception?.reason).toBe("by label");
    expect(expired.notices[0]?.what).not.toContain("again");
  });
});

describe("labels that do not count", () => {
  it("give one notice", () => {
    const { findings, notices } = apply(
      ["a", "b", "c", "d", "e"].map((name) => finding({ subject: labelled("r", name) })),
    );
    expect(findings.filter(({ exception }) => exception !== null)).toEqual([]);
    expect(notices).toEqual([
      {
        what: `exception labels ignored: ${LABEL} on a, ${LABEL} on b, ${LABEL} on c and 2 more`,
        where: "seaworthy.yaml",
        todo: "set labelExceptions: true in the policy if those who label containers may accept risks",
      },
    ]);
  });

  it("give none where there are no such labels", () => {
    expect(apply([finding({ subject: container("web", { labels: { seaworthy: "x" } }) })]).notices).toEqual(
      [],
    );
  });
});
