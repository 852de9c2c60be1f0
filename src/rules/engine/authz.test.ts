import { describe, expect, it } from "vitest";
import { got } from "#model/reading.ts";
import { engine, engineInfo, verdictOf } from "../testing.ts";
import rule from "./authz.ts";
import { configFile, configured, flagged, podman, STARTED, unreadableEngine } from "./facts/testing.ts";

const plugins = (...names: string[]) => ({ info: got(engineInfo({ authorizationPlugins: names })) });
const release = (version: string) => ({
  version: got({ version, apiVersion: "", minApiVersion: "", platform: "", components: {} }),
});
const current = release("29.9.0");
const changed = { configFile: configFile(STARTED + 60_000) };

describe("SW-ENGINE-AUTHZ", () => {
  it("none is a low finding, a medium one if the API is reached over the network", () => {
    expect(verdictOf(rule, engine())).toMatchObject({
      verdict: "fail",
      evidence: [{ path: "Plugins.Authorization", value: "none" }],
    });
    expect(rule.severity).toBe("low");
    const listeners = [{ protocol: "tcp" as const, address: "10.0.0.5", port: 2376, inode: 1 }];
    expect(verdictOf(rule, flagged({}, { listeners }))).toMatchObject({
      verdict: "fail",
      severity: "medium",
    });
    const loopback = [{ protocol: "tcp" as const, address: "127.0.0.1", port: 2376, inode: 1 }];
    expect(verdictOf(rule, flagged({}, { listeners: loopback })).severity).toBeUndefined();
  });

  it("a plugin passes on an engine that cannot be tricked past it", () => {
    const subject = configured(
      { "authorization-plugins": ["my-authz"] },
      {},
      { ...plugins("my-authz"), ...current },
    );
    expect(verdictOf(rule, subject)).toMatchObject({
      verdict: "pass",
      evidence: [{ source: "GET /info (as of the daemon's start)", value: "my-authz" }],
    });
    const old = release("25.0.5");
    expect(verdictOf(rule, engine({ ...plugins("my-authz"), ...old }))).toMatchObject({
      verdict: "fail",
      severity: "medium",
      message: "my-authz decides on API calls, but can be passed by (CVE-2024-41110, CVE-2026-34040)",
    });
  });

  it("a file that names other plugins since the start leaves it unknown: a reload does not show", () => {
    const removed = configured({}, changed, { ...plugins("my-authz"), ...current });
    expect(verdictOf(rule, removed).verdict).toBe("unknown");
    const added = configured({ "authorization-plugins": ["my-authz"] }, changed);
    expect(verdictOf(rule, added).verdict).toBe("unknown");
    const same = configured({ "authorization-plugins": ["my-authz"] }, changed, {
      ...plugins("my-authz"),
      ...current,
    });
    expect(verdictOf(rule, same).verdict).toBe("pass");
  });

  it("is unknown without an answer, and not about podman", () => {
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
    expect(verdictOf(rule, podman()).verdict).toBe("not-applicable");
  });
});
