import { describe, expect, it } from "vitest";
import { engine, verdictOf } from "../testing.ts";
import { configFile, configured, flagged, podman, STARTED, unreadableEngine } from "./facts/testing.ts";
import rule from "./userland-proxy.ts";

describe("SW-ENGINE-USERLAND-PROXY", () => {
  it("passes only if it is off and none runs", () => {
    expect(verdictOf(rule, flagged({ "userland-proxy": false })).verdict).toBe("pass");
    expect(verdictOf(rule, configured({ "userland-proxy": false })).verdict).toBe("pass");
    expect(verdictOf(rule, engine()).message).toBe("a proxy is started for each port that is published");
    expect(verdictOf(rule, configured({ "userland-proxy": false }, { proxies: 2 }))).toMatchObject({
      verdict: "fail",
      message: "2 proxies run on the host for published ports",
      evidence: [{ witness: "actual", path: "docker-proxy", value: "2" }, { witness: "declared" }],
    });
  });

  it("running proxies are seen although the file changed since", () => {
    const changed = { configFile: configFile(STARTED + 60_000) };
    expect(verdictOf(rule, configured({}, { ...changed, proxies: 1 })).verdict).toBe("fail");
    expect(verdictOf(rule, configured({ "userland-proxy": false }, changed)).verdict).toBe("unknown");
  });

  it("is unknown where the process is, and not about podman", () => {
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
    expect(verdictOf(rule, podman()).verdict).toBe("not-applicable");
  });
});
