import { describe, expect, it } from "vitest";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import { got, missing } from "#model/reading.ts";
import { contextOf, daemon, engine, evidence, host, ruleById, verdictOf } from "../testing.ts";
import rules from "./sysctl-user-namespaces.ts";
import { sysctls } from "./testing.ts";

const LIMIT = "user.max_user_namespaces";
const SWITCH = "kernel.unprivileged_userns_clone";
const limit = ruleById(rules, "SW-HOST-SYSCTL-USER-MAX-USER-NAMESPACES");
const unprivileged = ruleById(rules, "SW-HOST-SYSCTL-KERNEL-UNPRIVILEGED-USERNS-CLONE");
const rootless = engine({ daemon: got(daemon({ uid: 1000 })) });
const remapped = engine({
  daemon: got(daemon({ settings: { "userns-remap": { value: "default", from: "file" } } })),
});

function judge(rule: typeof limit, values: Record<string, string | null>, engines: EngineEvidence[]) {
  return verdictOf(rule, host({ sysctls: sysctls(values) }), contextOf(evidence({ engines })));
}

describe("user namespaces", () => {
  it("should be closed where no engine needs them", () => {
    expect(judge(limit, { [LIMIT]: "96365" }, [engine()])).toMatchObject({ verdict: "fail" });
    expect(judge(limit, { [LIMIT]: "0" }, [engine()]).verdict).toBe("pass");
    expect(judge(limit, { [LIMIT]: "96365", [SWITCH]: "0" }, [engine()]).verdict).toBe("pass");
    expect(judge(unprivileged, { [SWITCH]: "1" }, [engine()]).verdict).toBe("fail");
    expect(judge(unprivileged, { [SWITCH]: "1", [LIMIT]: "0" }, [engine()]).verdict).toBe("pass");
  });

  it("must stay open for an engine that is made of them", () => {
    for (const own of [rootless, remapped]) {
      expect(judge(limit, { [LIMIT]: "96365" }, [own]).verdict).toBe("pass");
      expect(judge(limit, { [LIMIT]: "0" }, [own])).toMatchObject({
        verdict: "fail",
        severity: "medium",
        remediation: expect.stringContaining("user.max_user_namespaces=10000"),
      });
    }
    expect(judge(unprivileged, { [SWITCH]: "0" }, [rootless])).toMatchObject({ verdict: "fail" });
    // An engine of root makes them whatever unprivileged users may.
    expect(judge(unprivileged, { [SWITCH]: "0" }, [remapped]).verdict).toBe("pass");
    expect(judge(unprivileged, { [SWITCH]: "1" }, [remapped]).verdict).toBe("fail");
  });

  it("is not applicable without the key, unknown without answers", () => {
    expect(judge(unprivileged, { [SWITCH]: null }, [engine()]).verdict).toBe("not-applicable");
    expect(judge(limit, {}, [engine()]).verdict).toBe("unknown");
    const silent = engine({ info: missing("no answer"), daemon: missing("run as root") });
    expect(judge(limit, { [LIMIT]: "0" }, [silent]).verdict).toBe("unknown");
  });
});
