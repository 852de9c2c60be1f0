import { array, assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { got } from "#model/reading.ts";
import { engine, engineInfo, judgements, verdictOf } from "../testing.ts";
import { unreadableEngine } from "./facts/testing.ts";
import rule from "./warnings.ts";

const of = (...warnings: string[]) => engine({ info: got(engineInfo({ warnings })) });

describe("SW-ENGINE-WARNINGS", () => {
  it("each warning is a finding with its meaning and what to do", () => {
    const found = judgements(
      rule,
      of("WARNING: No swap limit support", "WARNING: bridge-nf-call-iptables is disabled"),
    );
    expect(found.map(({ key }) => key)).toEqual(["swap", "bridge-nf-call-iptables"]);
    expect(found[1]).toMatchObject({
      verdict: "fail",
      message: expect.stringContaining("icc=false has no effect"),
      remediation: expect.stringContaining("net.bridge.bridge-nf-call-iptables=1"),
      evidence: [{ source: "GET /info", path: "Warnings" }],
    });
  });

  it.each([
    ["WARNING: No memory limit support", "memory"],
    ["WARNING: No cpu cfs quota support", "cpu"],
    ["WARNING: No cpuset support", "cpuset"],
    ["WARNING: No pids limit support", "pids"],
    ["WARNING: IPv4 forwarding is disabled", "forwarding"],
    ["WARNING: bridge-nf-call-ip6tables is disabled", "bridge-nf-call-ip6tables"],
    ["WARNING: Running in rootless-mode without cgroups. Systemd is required", "rootless-cgroups"],
  ])("knows %s", (warning, key) => {
    expect(verdictOf(rule, of(warning))).toMatchObject({ verdict: "fail", key });
  });

  it("what it does not know it shows as it is", () => {
    expect(verdictOf(rule, of("WARNING: The moon is full\n   more of it"))).toMatchObject({
      verdict: "fail",
      severity: "info",
      message: "it says: The moon is full",
    });
  });

  it("leaves out what other rules judge, and throttles that only tuning misses", () => {
    const judged = verdictOf(
      rule,
      of(
        "WARNING: API is accessible on http://0.0.0.0:2375 without encryption.\n more",
        "WARNING: No blkio throttle.read_bps_device support",
        "WARNING: the devicemapper storage-driver is deprecated",
        "",
      ),
    );
    expect(judged.verdict).toBe("pass");
    expect(verdictOf(rule, engine()).verdict).toBe("pass");
  });

  it("says one thing once, is unknown without an answer, and never throws", () => {
    expect(
      judgements(rule, of("WARNING: No swap limit support", "WARNING: No swap limit support")),
    ).toHaveLength(1);
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
    assert(property(array(string()), (warnings) => judgements(rule, of(...warnings)).length > 0));
  });
});
