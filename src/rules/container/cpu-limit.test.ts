import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CgroupEvidence, DeclaredContainer } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";
import { actualContainer, container, declaredContainer, unreadableContainer, verdictOf } from "../testing.ts";
import cpu, { countCpus } from "./cpu-limit.ts";

function running(changes: Partial<CgroupEvidence>, declares: Partial<DeclaredContainer> = {}) {
  const kernel = actualContainer();
  if (!kernel.cgroup.ok) throw new Error("the builder gives a cgroup");
  return container({
    actual: got({ ...kernel, cgroup: got({ ...kernel.cgroup.value, ...changes }) }),
    declared: got(declaredContainer(declares)),
  });
}

describe("SW-CTR-CPU", () => {
  it("fails where nothing holds it back", () => {
    expect(verdictOf(cpu, running({}))).toMatchObject({
      verdict: "fail",
      message: "may use all 2 CPUs of the host",
      evidence: [{ witness: "actual", value: "no limit" }],
    });
  });

  it("passes with a quota, a weight or some of the processors", () => {
    expect(verdictOf(cpu, running({ cpuLimit: got(0.5) }))).toMatchObject({
      verdict: "pass",
      message: "limited to half a CPU",
    });
    expect(verdictOf(cpu, running({ cpuShares: got(512) }))).toMatchObject({
      verdict: "pass",
      message: "has a CPU weight of 512",
    });
    expect(verdictOf(cpu, running({}, { cpusetCpus: "0" }))).toMatchObject({
      verdict: "pass",
      message: "tied to 1 processor (0)",
    });
  });

  it("takes a quota or a set of all processors for none", () => {
    expect(verdictOf(cpu, running({ cpuLimit: got(2) }))).toMatchObject({
      verdict: "fail",
      message: "its quota of 2 CPUs is no less than all 2 CPUs of the host",
    });
    expect(verdictOf(cpu, running({}, { cpusetCpus: "0-1" }))).toMatchObject({ verdict: "fail" });
  });

  it("believes the kernel where the declared quota is not in force", () => {
    expect(verdictOf(cpu, running({}, { nanoCpus: 5e8 }))).toMatchObject({ verdict: "fail" });
  });

  it("judges a stopped container by what it declares", () => {
    const stopped = { state: "exited", actual: missing("no"), specified: missing("no") };
    const asked = container({ ...stopped, declared: got(declaredContainer({ nanoCpus: 1e9 })) });
    expect(verdictOf(cpu, asked)).toMatchObject({ verdict: "pass", message: "limited to 1 CPU" });
    expect(verdictOf(cpu, container(stopped))).toMatchObject({ verdict: "fail" });
  });

  it("does not know where nothing could be read", () => {
    expect(verdictOf(cpu, unreadableContainer())).toMatchObject({ verdict: "unknown" });
  });
});

describe("countCpus", () => {
  it.each([
    ["0", 1],
    ["0-3", 4],
    ["0-1,4,4", 3],
    ["", 0],
    ["x", 0],
    ["0-99999999", 0],
    ["3-0", 0],
    ["1,", 0],
  ])("counts %j as %d", (list, count) => {
    expect(countCpus(list)).toBe(count);
  });

  it("never throws and never takes long, whatever the text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(countCpus(text)).toBeGreaterThanOrEqual(0);
      }),
    );
    expect(countCpus("0-8000,".repeat(10_000))).toBe(0);
  });
});
