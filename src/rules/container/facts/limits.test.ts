import { describe, expect, it } from "vitest";
import type { CgroupEvidence } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  contextOf,
  declaredContainer,
  engine,
  engineInfo,
  evidence,
  host,
  specifiedContainer,
  unreadableContainer,
} from "../../testing.ts";
import { cpuLimit, declaredCpus, hostCpus, hostMemory, hostPids, memoryLimit, pidsLimit } from "./limits.ts";

/** A container whose cgroup has the given limits, on cgroup v2. */
function limited(changes: Partial<CgroupEvidence>, declares = declaredContainer()) {
  const cgroup: CgroupEvidence = {
    version: 2,
    paths: { "": "/system.slice/docker-1.scope" },
    memoryLimit: got(null),
    memoryPeak: got(0),
    pidsLimit: got(null),
    cpuLimit: got(null),
    cpuShares: got(100),
    devices: missing("v2"),
    ...changes,
  };
  return container({ actual: got(actualContainer({ cgroup: got(cgroup) })), declared: got(declares) });
}

const stopped = { actual: missing("it does not run"), specified: missing("it does not run") };

describe("memoryLimit", () => {
  it("believes the kernel before what was asked for", () => {
    const subject = limited({ memoryLimit: got(268_435_456) }, declaredContainer({ memory: 67_108_864 }));
    expect(memoryLimit(subject)).toEqual({
      known: true,
      value: 268_435_456,
      seen: {
        witness: "actual",
        source: "cgroup /system.slice/docker-1.scope and its parents",
        path: "memory.max",
        value: "268435456 bytes",
      },
    });
  });

  it("asks the runtime's order, then the declaration", () => {
    const unread = { actual: missing("denied") };
    const given = container({ ...unread, specified: got(specifiedContainer({ memoryLimit: 4096 })) });
    expect(memoryLimit(given)).toMatchObject({ value: 4096, seen: { witness: "specified" } });
    const asked = container({ ...stopped, declared: got(declaredContainer({ memory: 8192 })) });
    expect(memoryLimit(asked)).toMatchObject({ value: 8192, seen: { witness: "declared" } });
    expect(memoryLimit(container(stopped))).toMatchObject({ value: null, seen: { witness: "declared" } });
    const bare = container({ ...unread, declared: missing("no answer") });
    expect(memoryLimit(bare)).toMatchObject({ value: null, seen: { witness: "specified" } });
  });

  it("does not know what a cgroup parent limits, unless the kernel tells", () => {
    const under = container({ ...stopped, declared: got(declaredContainer({ cgroupParent: "/apps" })) });
    expect(memoryLimit(under)).toMatchObject({ known: false, why: expect.stringContaining("/apps") });
    expect(pidsLimit(under).known).toBe(false);
    expect(cpuLimit(under).known).toBe(false);
  });

  it("says why nobody knows", () => {
    expect(memoryLimit(unreadableContainer())).toMatchObject({
      known: false,
      why: expect.stringContaining("permission denied"),
    });
  });
});

describe("pidsLimit", () => {
  it("asks kernel, runtime and declaration in this order", () => {
    expect(pidsLimit(limited({ pidsLimit: got(50) }, declaredContainer({ pidsLimit: 9 })))).toMatchObject({
      value: 50,
      seen: { witness: "actual", path: "pids.max" },
    });
    const podman = container({
      actual: missing("denied"),
      specified: got(specifiedContainer({ pidsLimit: 2048 })),
    });
    expect(pidsLimit(podman)).toMatchObject({ value: 2048, seen: { witness: "specified" } });
    const asked = container({ ...stopped, declared: got(declaredContainer({ pidsLimit: 7 })) });
    expect(pidsLimit(asked)).toMatchObject({ value: 7 });
    const none = container({ ...stopped, declared: got(declaredContainer({ pidsLimit: -1 })) });
    expect(pidsLimit(none)).toMatchObject({ value: null });
    expect(pidsLimit(unreadableContainer()).known).toBe(false);
  });
});

describe("cpuLimit", () => {
  it("tells quota, weight and cpuset apart", () => {
    expect(cpuLimit(limited({ cpuLimit: got(0.5) }))).toMatchObject({
      value: { quota: 0.5, weight: null, cpuset: null },
    });
    expect(cpuLimit(limited({ cpuShares: got(50) }))).toMatchObject({
      value: { quota: null, weight: 50 },
      seen: { path: "cpu.weight", value: "50" },
    });
    expect(cpuLimit(limited({}, declaredContainer({ cpusetCpus: "0" })))).toMatchObject({
      value: { cpuset: "0" },
      seen: { witness: "declared", path: "HostConfig.CpusetCpus" },
    });
  });

  it("takes the default weight of each cgroup version for none", () => {
    const none = { quota: null, weight: null, cpuset: null };
    expect(cpuLimit(limited({}))).toMatchObject({ value: none });
    expect(cpuLimit(limited({ version: 1, cpuShares: got(1024) }))).toMatchObject({ value: none });
    expect(cpuLimit(limited({ version: 1, cpuShares: got(100) }))).toMatchObject({ value: { weight: 100 } });
    expect(cpuLimit(limited({ cpuShares: missing("no controller") }))).toMatchObject({ value: none });
  });

  it("reads a declaration where there is no kernel", () => {
    const asked = (changes: Parameters<typeof declaredContainer>[0]) =>
      cpuLimit(container({ ...stopped, declared: got(declaredContainer(changes)) }));
    expect(asked({ nanoCpus: 5e8 })).toMatchObject({ value: { quota: 0.5 } });
    expect(asked({ cpuQuota: 50_000 })).toMatchObject({ value: { quota: 0.5 } });
    expect(asked({ cpuShares: 512 })).toMatchObject({ value: { quota: null, weight: 512 } });
    expect(asked({ cpuShares: 1024 })).toMatchObject({ value: { weight: null } });
    expect(asked({ cpusetCpus: "0-1" })).toMatchObject({ value: { cpuset: "0-1" } });
  });

  it("knows a quota of the runtime's order, but not the lack of a weight", () => {
    const order = { actual: missing("denied"), declared: missing("no answer") };
    const quota = container({ ...order, specified: got(specifiedContainer({ cpuQuota: 150_000 })) });
    expect(cpuLimit(quota)).toMatchObject({ value: { quota: 1.5 } });
    expect(cpuLimit(container(order)).known).toBe(false);
    expect(cpuLimit(unreadableContainer()).known).toBe(false);
  });
});

it("reads what was asked for in CPUs", () => {
  expect(declaredCpus({ nanoCpus: 0, cpuQuota: 0 })).toBeNull();
  expect(declaredCpus({ nanoCpus: 0, cpuQuota: -1 })).toBeNull();
  expect(declaredCpus({ nanoCpus: 15e8, cpuQuota: 0 })).toBe(1.5);
});

describe("the machine", () => {
  const remote = contextOf(
    evidence({ host: null, engines: [engine({ info: got(engineInfo({ memoryTotal: 1e9, cpus: 3 })) })] }),
  );
  const nobody = contextOf(evidence({ host: null, engines: [engine({ info: missing("no answer") })] }));

  it("is described by the host, else by the engine", () => {
    const here = contextOf(evidence({ host: host({ memoryTotal: got(5), cpus: 7 }) }));
    expect([hostMemory(here), hostCpus(here)]).toEqual([5, 7]);
    expect([hostMemory(remote), hostCpus(remote)]).toEqual([1e9, 3]);
    expect([hostMemory(nobody), hostCpus(nobody)]).toEqual([null, null]);
    const unread = contextOf(evidence({ host: host({ memoryTotal: missing("denied"), cpus: 0 }) }));
    expect([hostMemory(unread), hostCpus(unread)]).toEqual([24 * 2 ** 30, 2]);
  });

  it("has as many process ids as the kernel says, or could have at most", () => {
    const told = contextOf(evidence({ host: host({ sysctls: { "kernel.pid_max": got("32768") } }) }));
    expect(hostPids(told)).toBe(32_768);
    expect(hostPids(remote)).toBe(4_194_304);
    const odd = contextOf(evidence({ host: host({ sysctls: { "kernel.pid_max": got("many") } }) }));
    expect(hostPids(odd)).toBe(4_194_304);
  });
});
