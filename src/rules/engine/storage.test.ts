import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { engine, engineInfo, ruleById, verdictOf } from "../testing.ts";
import { configured, podman, unreadableEngine } from "./facts/testing.ts";
import rules from "./storage.ts";

const driver = (storageDriver: string) => ({ info: got(engineInfo({ storageDriver })) });

describe.each([
  ["SW-ENGINE-AUFS", "aufs", "24.0"],
  ["SW-ENGINE-DEVICEMAPPER", "devicemapper", "25.0"],
])("%s", (id, name, removedIn) => {
  const rule = ruleById(rules, id);

  it(`fails for ${name} only`, () => {
    expect(verdictOf(rule, engine(driver(name)))).toMatchObject({
      verdict: "fail",
      message: `the storage driver is ${name}, which Docker ${removedIn} no longer has`,
      evidence: [{ source: "GET /info", path: "Driver", value: name }],
    });
    expect(verdictOf(rule, engine()).verdict).toBe("pass");
    expect(verdictOf(rule, podman(driver("overlay"))).verdict).toBe("pass");
  });

  it("is unknown without an answer", () => {
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
  });
});

describe("SW-ENGINE-BASE-SIZE", () => {
  const rule = ruleById(rules, "SW-ENGINE-BASE-SIZE");
  const size = { "storage-opts": ["dm.fs=xfs", "dm.basesize=50G"] };

  it("is about devicemapper alone", () => {
    expect(verdictOf(rule, configured(size)).verdict).toBe("not-applicable");
    expect(verdictOf(rule, podman()).verdict).toBe("not-applicable");
  });

  it("fails for a changed size", () => {
    expect(verdictOf(rule, configured(size, {}, driver("devicemapper")))).toMatchObject({
      verdict: "fail",
      message: "the base device size was changed (dm.basesize=50G)",
    });
    expect(verdictOf(rule, configured({}, {}, driver("devicemapper"))).verdict).toBe("pass");
    expect(verdictOf(rule, engine({ ...driver("devicemapper"), daemon: missing("no") })).verdict).toBe(
      "unknown",
    );
  });
});
