import { describe, expect, it } from "vitest";
import { contextOf, engine, evidence, judgements, verdictOf } from "../testing.ts";
import { around, running } from "./facts/testing.ts";
import rule from "./others.ts";

const stranger = (name: string, manager: string) => ({ ...running(name), engine: null, manager });

describe("SW-ENGINE-OTHERS", () => {
  it("lists containers of other managers, one finding per manager, for information", () => {
    const subject = engine();
    const containers = [
      running("web"),
      stranger("x", "default"),
      stranger("y", "default"),
      stranger("p", "k8s.io"),
    ];
    const found = judgements(rule, subject, around(subject, containers));
    expect(found.map(({ key, message }) => [key, message])).toEqual([
      ["default", "2 containers whose engine was not asked (default): x, y"],
      ["k8s.io", "1 container whose engine was not asked (k8s.io): p"],
    ]);
    expect(found[0]?.evidence[0]).toMatchObject({ witness: "actual", source: "/proc/4242", value: "x" });
    expect(rule.severity).toBe("info");
  });

  it("passes if every container has its engine", () => {
    const subject = engine();
    const self = { ...stranger("seaworthy", "default"), self: true };
    expect(verdictOf(rule, subject, around(subject, [running("web"), self])).verdict).toBe("pass");
  });

  it("tells it once per host, not once per engine", () => {
    const [first, second] = [engine(), engine({ name: "docker-2" })];
    const all = evidence({ engines: [first, second], containers: [stranger("x", "default")] });
    expect(verdictOf(rule, first, contextOf(all)).verdict).toBe("fail");
    expect(verdictOf(rule, second, contextOf(all)).verdict).toBe("not-applicable");
  });

  it("is unknown from afar", () => {
    const remote = engine({ local: false });
    expect(verdictOf(rule, remote, around(remote)).verdict).toBe("unknown");
    const subject = engine();
    expect(verdictOf(rule, subject, around(subject, [], { host: null })).verdict).toBe("unknown");
  });
});
