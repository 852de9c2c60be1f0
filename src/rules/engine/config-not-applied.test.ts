import { describe, expect, it } from "vitest";
import type { EngineInfo } from "#model/evidence/engine.ts";
import { got, missing } from "#model/reading.ts";
import { engine, engineInfo, judgements, verdictOf } from "../testing.ts";
import rule from "./config-not-applied.ts";
import { configFile, configured, flagged, podman, STARTED, unreadableEngine } from "./facts/testing.ts";

const told = (settings: Record<string, unknown>, info: Partial<EngineInfo> = {}) =>
  judgements(rule, configured(settings, {}, { info: got(engineInfo(info)) }));

describe("SW-ENGINE-CONFIG-NOT-APPLIED", () => {
  it("a file from before the start that nothing contradicts passes", () => {
    expect(verdictOf(rule, configured({ icc: false })).verdict).toBe("pass");
  });

  it("a file that changed after the start fails", () => {
    const subject = configured({ icc: false }, { configFile: configFile(STARTED + 60_000) });
    expect(verdictOf(rule, subject)).toMatchObject({
      verdict: "fail",
      key: "changed",
      evidence: [
        { source: "/etc/docker/daemon.json", path: "mtime", value: "2026-01-01T00:01:00.000Z" },
        { source: "/proc/700/stat", value: "2026-01-01T00:00:00.000Z" },
      ],
    });
  });

  it.each<[string, unknown, Partial<EngineInfo>]>([
    ["live-restore", true, { liveRestore: true }],
    ["debug", true, { debug: true }],
    ["experimental", true, { experimental: true }],
    ["selinux-enabled", true, { securityOptions: [{ name: "selinux", options: {} }] }],
    ["log-driver", "local", { loggingDriver: "local" }],
    ["storage-driver", "btrfs", { storageDriver: "btrfs" }],
    ["default-runtime", "runsc", { defaultRuntime: "runsc" }],
    ["userns-remap", "default", { securityOptions: [{ name: "userns", options: {} }] }],
    ["authorization-plugins", ["b", "a"], { authorizationPlugins: ["a", "b"] }],
    ["insecure-registries", ["reg:5000", "10.1.2.3/8"], { insecureRegistries: ["reg:5000"] }],
  ])("%s: what GET /info contradicts fails, what it shows passes", (key, value, inForce) => {
    const [contradicted] = told({ [key]: value });
    expect(contradicted).toMatchObject({
      verdict: "fail",
      key,
      evidence: [{ source: "/etc/docker/daemon.json", path: key }, { source: "GET /info" }],
    });
    expect(told({ [key]: value }, inForce)).toEqual([expect.objectContaining({ verdict: "pass" })]);
  });

  it("a default that the file repeats, an empty value and an odd one are no contradiction", () => {
    for (const settings of [{ "userns-remap": "" }, { "log-driver": "json-file" }, { debug: "yes" }]) {
      expect(told(settings)[0]?.verdict).toBe("pass");
    }
    expect(verdictOf(rule, flagged({ debug: true }, { configFile: configFile(0) })).verdict).toBe("pass");
  });

  it("shows the contradictions in place of the mere date", () => {
    const changed = { configFile: configFile(STARTED + 60_000) };
    const found = judgements(rule, configured({ "live-restore": true, "log-driver": "local" }, changed));
    expect(found.map(({ key }) => key)).toEqual(["live-restore", "log-driver"]);
    expect(found[0]?.evidence).toContainEqual(expect.objectContaining({ path: "mtime" }));
  });

  it("is unknown where it cannot be compared, not applicable without a file", () => {
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
    expect(verdictOf(rule, configured({}, {}, { info: missing("no answer") })).verdict).toBe("unknown");
    const broken = { configFile: { ...configFile(0), error: "is not JSON" } };
    expect(verdictOf(rule, configured({}, broken)).verdict).toBe("unknown");
    const hidden = { configFile: { ...configFile(0), stat: missing("permission denied") } };
    expect(verdictOf(rule, configured({}, hidden)).verdict).toBe("unknown");
    expect(verdictOf(rule, engine()).verdict).toBe("not-applicable");
    expect(verdictOf(rule, podman()).verdict).toBe("not-applicable");
  });
});
