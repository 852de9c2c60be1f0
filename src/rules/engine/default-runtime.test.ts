import { describe, expect, it } from "vitest";
import { got } from "#model/reading.ts";
import { engine, engineInfo, verdictOf } from "../testing.ts";
import rule from "./default-runtime.ts";
import { unreadableEngine } from "./facts/testing.ts";

const of = (defaultRuntime: string, runtimes: Record<string, string>) =>
  verdictOf(rule, engine({ info: got(engineInfo({ defaultRuntime, runtimes })) }));

describe("SW-ENGINE-DEFAULT-RUNTIME", () => {
  it("runc and crun are usual, with and without a path", () => {
    expect(of("runc", { runc: "runc" }).verdict).toBe("pass");
    expect(of("crun", { crun: "/usr/bin/crun" }).verdict).toBe("pass");
    expect(of("io.containerd.runc.v2", {}).verdict).toBe("pass");
    expect(of("constructor", {}).verdict).toBe("fail");
  });

  it("another name, or another program behind the usual name, is told", () => {
    expect(of("nvidia", { nvidia: "nvidia-container-runtime" })).toMatchObject({
      verdict: "fail",
      message: "the default runtime is nvidia (nvidia-container-runtime)",
      evidence: [{ path: "DefaultRuntime" }, { path: "Runtimes.nvidia.path" }],
    });
    expect(of("runc", { runc: "/opt/wrap/my-runc" }).verdict).toBe("fail");
    expect(rule.severity).toBe("info");
  });

  it("is unknown without an answer", () => {
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
  });
});
