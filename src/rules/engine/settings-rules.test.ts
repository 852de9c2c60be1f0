import { describe, expect, it } from "vitest";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import { got, missing } from "#model/reading.ts";
import type { Rule } from "../rule.ts";
import { engine, engineInfo, network, verdictOf } from "../testing.ts";
import cgroupParent from "./cgroup-parent.ts";
import experimental from "./experimental.ts";
import { configured, flagged, podman, unreadableEngine } from "./facts/testing.ts";
import iptables from "./iptables.ts";
import liveRestore from "./live-restore.ts";
import logLevel from "./log-level.ts";

const verdict = (rule: Rule<"engine">, subject: EngineEvidence) => verdictOf(rule, subject).verdict;
const silent = { info: missing("no answer") };

describe.each([cgroupParent, experimental, iptables, liveRestore, logLevel])("$id", (rule) => {
  it("is unknown where nothing could be read", () => {
    expect(verdict(rule, unreadableEngine())).toBe("unknown");
  });

  it("is not about podman", () => {
    expect(verdict(rule, podman())).toBe("not-applicable");
  });
});

describe("SW-ENGINE-LOG-LEVEL", () => {
  it("info passes, debug and what hides events fail", () => {
    expect(verdict(logLevel, engine())).toBe("pass");
    expect(verdict(logLevel, configured({ "log-level": "info" }))).toBe("pass");
    for (const level of ["debug", "error", "fatal"]) {
      expect(verdictOf(logLevel, flagged({ "log-level": level }))).toMatchObject({
        verdict: "fail",
        evidence: [{ source: "/proc/700/cmdline", path: "--log-level", value: level }],
      });
    }
    expect(verdictOf(logLevel, configured({ "log-level": "warn" }))).toMatchObject({
      verdict: "fail",
      severity: "info",
    });
  });

  it("debug in force outweighs what is written", () => {
    const info = got(engineInfo({ debug: true }));
    expect(verdict(logLevel, configured({ "log-level": "info" }, {}, { info }))).toBe("fail");
  });
});

describe("SW-ENGINE-IPTABLES", () => {
  it("fails if nobody makes rules for the bridges", () => {
    const networks = got([network(), network({ name: "host", driver: "host" })]);
    expect(verdictOf(iptables, flagged({ iptables: false }, {}, { networks }))).toMatchObject({
      verdict: "fail",
      message: "no firewall rules are made for the networks bridge",
    });
    expect(verdict(iptables, flagged({ iptables: false }, {}, { networks: missing("no answer") }))).toBe(
      "fail",
    );
    expect(verdict(iptables, flagged({ iptables: false }, {}, { networks: got([]) }))).toBe("not-applicable");
    expect(verdict(iptables, engine())).toBe("pass");
    expect(verdict(iptables, flagged({ iptables: true }))).toBe("pass");
  });
});

describe("SW-ENGINE-CGROUP-PARENT", () => {
  it("fails for any parent but the default", () => {
    expect(verdictOf(cgroupParent, flagged({ "cgroup-parent": "/" })).message).toBe(
      "containers run below the cgroup /",
    );
    expect(verdict(cgroupParent, configured({ "cgroup-parent": "" }))).toBe("pass");
    expect(verdict(cgroupParent, engine())).toBe("pass");
  });
});

describe("SW-ENGINE-LIVE-RESTORE", () => {
  it("believes what is in force, then what is set", () => {
    expect(verdict(liveRestore, engine({ info: got(engineInfo({ liveRestore: true })) }))).toBe("pass");
    expect(verdict(liveRestore, configured({ "live-restore": true }))).toBe("fail");
    expect(verdict(liveRestore, configured({ "live-restore": true }, {}, silent))).toBe("pass");
    expect(verdict(liveRestore, configured({}, {}, silent))).toBe("fail");
  });

  it("is not applicable in a swarm", () => {
    expect(verdict(liveRestore, engine({ info: got(engineInfo({ swarmState: "active" })) }))).toBe(
      "not-applicable",
    );
  });
});

describe("SW-ENGINE-EXPERIMENTAL", () => {
  it("believes what is in force, then what is set", () => {
    expect(verdict(experimental, engine({ info: got(engineInfo({ experimental: true })) }))).toBe("fail");
    expect(verdict(experimental, engine())).toBe("pass");
    expect(verdict(experimental, configured({ experimental: true }, {}, silent))).toBe("fail");
    expect(verdict(experimental, configured({}, {}, silent))).toBe("pass");
  });
});
