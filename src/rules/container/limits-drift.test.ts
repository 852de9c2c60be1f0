import { describe, expect, it } from "vitest";
import type { CgroupEvidence, DeclaredContainer } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  contextOf,
  declaredContainer,
  engine,
  engineInfo,
  evidence,
  judgements,
  specifiedContainer,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import drift from "./limits-drift.ts";

const MIB = 2 ** 20;

function running(enforced: Partial<CgroupEvidence>, declares: Partial<DeclaredContainer> = {}) {
  const kernel = actualContainer();
  if (!kernel.cgroup.ok) throw new Error("the builder gives a cgroup");
  return container({
    actual: got({ ...kernel, cgroup: got({ ...kernel.cgroup.value, ...enforced }) }),
    declared: got(declaredContainer(declares)),
  });
}

describe("SW-CTR-LIMITS-DRIFT", () => {
  it("passes where the kernel applies what was asked for, up to its rounding", () => {
    const enforced = { memoryLimit: got(64 * MIB), pidsLimit: got(50), cpuLimit: got(0.5) };
    const declares = { memory: 64 * MIB + 1000, pidsLimit: 50, nanoCpus: 5e8 };
    expect(verdictOf(drift, running(enforced, declares))).toMatchObject({
      verdict: "pass",
      evidence: [{ value: String(64 * MIB) }, { value: "50" }, { value: "0.5" }],
    });
    expect(verdictOf(drift, running({})).verdict).toBe("pass");
  });

  it("tells a limit that was raised past the engine", () => {
    const subject = running({ memoryLimit: got(256 * MIB) }, { memory: 64 * MIB });
    expect(verdictOf(drift, subject)).toMatchObject({
      verdict: "fail",
      severity: "medium",
      key: "memory",
      message: "a memory limit of 64 MiB was asked for, but a higher one is in force: 256 MiB",
      evidence: [
        { witness: "actual", value: String(256 * MIB) },
        { witness: "declared", value: String(64 * MIB) },
      ],
    });
  });

  it("tells a limit that a parent cgroup sets", () => {
    expect(verdictOf(drift, running({ memoryLimit: got(99_999_744) }))).toMatchObject({
      verdict: "fail",
      severity: "info",
      message: "nobody asked for a memory limit, but one of 95.4 MiB is in force",
    });
    const stricter = running({ memoryLimit: got(32 * MIB) }, { memory: 64 * MIB });
    expect(verdictOf(drift, stricter)).toMatchObject({
      severity: "info",
      message: "a memory limit of 64 MiB was asked for, but a lower one is in force: 32 MiB",
    });
  });

  it("is high where nothing is enforced, as by a rootless engine on cgroup v1", () => {
    const subject = running({}, { memory: 64 * MIB, pidsLimit: 50, nanoCpus: 15e8 });
    const rootless = engineInfo({ securityOptions: [{ name: "rootless", options: {} }] });
    const context = contextOf(evidence({ engines: [engine({ info: got(rootless) })] }));
    const found = judgements(drift, subject, context);
    expect(found.map(({ key, severity }) => [key, severity])).toEqual([
      ["memory", "high"],
      ["pids", "high"],
      ["cpu", "high"],
    ]);
    expect(found[0]?.message).toBe("a memory limit of 64 MiB was asked for, but none is in force");
    expect(found[2]?.message).toBe("a CPU limit of 1.5 CPUs was asked for, but none is in force");
    expect(found[0]?.remediation).toContain("systemd.unified_cgroup_hierarchy=1");
    expect(judgements(drift, subject)[0]?.remediation).toBeUndefined();
  });

  it("takes a limit as large as the machine for none, on both sides", () => {
    const enforced = running({ memoryLimit: got(2 ** 40) }, { memory: 64 * MIB });
    expect(verdictOf(drift, enforced)).toMatchObject({ severity: "high" });
    expect(verdictOf(drift, running({}, { memory: 2 ** 40 })).verdict).toBe("pass");
  });

  it("does not mind process limits that the system sets by itself", () => {
    expect(verdictOf(drift, running({ pidsLimit: got(28_000) })).verdict).toBe("pass");
  });

  it("compares with podman's own default where its API tells 0", () => {
    const subject = {
      ...running({ pidsLimit: got(4096) }),
      specified: got(specifiedContainer({ pidsLimit: 2048 })),
    };
    expect(verdictOf(drift, subject)).toMatchObject({
      key: "pids",
      severity: "medium",
      evidence: [{ witness: "actual" }, { witness: "specified" }],
    });
  });

  it("does not compare a quota whose period is not told", () => {
    expect(verdictOf(drift, running({ cpuLimit: got(1) }, { cpuQuota: 50_000 })).verdict).toBe("pass");
    expect(verdictOf(drift, running({}, { cpuQuota: 50_000 }))).toMatchObject({ severity: "high" });
    expect(verdictOf(drift, running({ cpuLimit: got(1) }, { nanoCpus: 5e8 }))).toMatchObject({
      severity: "medium",
    });
  });

  it("does not know what it could not read", () => {
    expect(verdictOf(drift, unreadableContainer()).verdict).toBe("unknown");
    expect(verdictOf(drift, container({ declared: missing("no answer") })).verdict).toBe("unknown");
    const hidden = container({ actual: got(actualContainer({ cgroup: missing("denied") })) });
    expect(verdictOf(drift, hidden)).toMatchObject({ verdict: "unknown", message: "denied" });
    expect(verdictOf(drift, running({ memoryLimit: missing("not mounted here") }))).toMatchObject({
      verdict: "unknown",
      message: "not mounted here",
    });
  });

  it("has nothing to compare while the container does not run", () => {
    const stopped = container({ state: "exited", actual: missing("it does not run") });
    expect(verdictOf(drift, stopped).verdict).toBe("not-applicable");
  });
});
