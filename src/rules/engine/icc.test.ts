import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { engine, network, verdictOf } from "../testing.ts";
import { configured, podman, unreadableEngine } from "./facts/testing.ts";
import rule from "./icc.ts";

const OPTION = "com.docker.network.bridge.enable_icc";
const bridge = (icc: string | null, containers: string[]) => ({
  networks: got([
    network({
      containers,
      options: {
        "com.docker.network.bridge.default_bridge": "true",
        ...(icc === null ? {} : { [OPTION]: icc }),
      },
    }),
    network({ name: "app", options: { [OPTION]: "true" }, containers: ["x", "y"] }),
  ]),
});

describe("SW-ENGINE-ICC", () => {
  it("fails for two containers that reach each other; for fewer it only informs", () => {
    expect(verdictOf(rule, engine(bridge("true", ["web", "db"])))).toMatchObject({
      verdict: "fail",
      message: "2 containers on the default bridge reach each other",
      evidence: [{ path: `Options.${OPTION}`, value: "true" }, { value: "web, db" }],
    });
    expect(verdictOf(rule, engine(bridge("true", ["web"])))).toMatchObject({
      verdict: "fail",
      severity: "info",
    });
    expect(verdictOf(rule, engine(bridge("true", [])))).toMatchObject({ verdict: "fail", severity: "info" });
  });

  it("the bridge itself outweighs the file", () => {
    expect(verdictOf(rule, configured({ icc: true }, {}, bridge("false", ["a", "b"]))).verdict).toBe("pass");
    expect(verdictOf(rule, configured({ icc: false }, {}, bridge("true", ["a", "b"]))).verdict).toBe("fail");
  });

  it("falls back to the setting", () => {
    expect(verdictOf(rule, configured({ icc: false }, {}, bridge(null, ["a"]))).verdict).toBe("pass");
    expect(verdictOf(rule, configured({}, {}, { networks: missing("no answer") })).verdict).toBe("fail");
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
  });

  it("is not applicable without a default bridge, and to podman", () => {
    expect(verdictOf(rule, engine({ networks: got([]) })).verdict).toBe("not-applicable");
    expect(verdictOf(rule, podman(bridge("true", ["a", "b"]))).verdict).toBe("not-applicable");
  });
});
