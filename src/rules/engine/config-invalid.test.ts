import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { daemon, engine, verdictOf } from "../testing.ts";
import rule from "./config-invalid.ts";
import { configFile, podman, STARTED, unreadableEngine } from "./facts/testing.ts";

const file = configFile(STARTED);
const having = (changes: Partial<typeof file>) =>
  engine({ daemon: got(daemon({ configFile: { ...file, ...changes } })) });

describe("SW-ENGINE-CONFIG-INVALID", () => {
  it("a file that is not JSON fails", () => {
    expect(verdictOf(rule, having({ error: "/etc/docker/daemon.json: is not JSON" }))).toMatchObject({
      verdict: "fail",
      evidence: [{ source: "/etc/docker/daemon.json" }],
    });
  });

  it("a file that only we cannot read is unknown", () => {
    expect(verdictOf(rule, having({ error: "/etc/docker/daemon.json: permission denied" })).verdict).toBe(
      "unknown",
    );
    expect(verdictOf(rule, having({ stat: missing("permission denied") })).verdict).toBe("unknown");
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
  });

  it("a good file passes, no file is not applicable", () => {
    expect(verdictOf(rule, having({})).verdict).toBe("pass");
    expect(verdictOf(rule, engine()).verdict).toBe("not-applicable");
    expect(verdictOf(rule, podman()).verdict).toBe("not-applicable");
  });
});
