import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { hostFiles } from "../filesystem.ts";
import { type Entry, testHost, type TestHost } from "../testing.ts";
import { type CgroupLimits, cgroupMounts, collectCgroup, decisivePath, parseCgroup } from "./cgroup.ts";
import { parseMountinfo } from "./mountinfo.ts";

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

function on(entries: Record<string, Entry>): TestHost {
  host = testHost(entries);
  return host;
}

const V2 = new Map([["", { target: "/cg", root: "/" }]]);
const V1 = new Map(
  ["memory", "pids", "cpu", "devices"].map((name) => [name, { target: `/cg/${name}`, root: "/" }]),
);

describe("parseCgroup", () => {
  it("reads a hybrid host", () => {
    const text =
      "12:cpu,cpuacct:/docker/abc\n5:pids:/docker/abc\n1:name=systemd:/docker/abc\n0::/docker/abc\n";
    const paths = parseCgroup(text);
    expect(Object.fromEntries(paths)).toEqual({
      cpu: "/docker/abc",
      cpuacct: "/docker/abc",
      pids: "/docker/abc",
      systemd: "/docker/abc",
      "": "/docker/abc",
    });
    expect(decisivePath(paths)).toBe("/docker/abc");
  });

  it("keeps colons in paths", () => {
    expect(parseCgroup("0::/a:b/c").get("")).toBe("/a:b/c");
  });

  it("reads the running system", () => {
    expect(decisivePath(parseCgroup(readFileSync("/proc/self/cgroup", "utf8")))).toMatch(/^\//);
  });

  it("never throws; without a line there is no path", () => {
    fc.assert(fc.property(fc.string(), (text) => void parseCgroup(text)));
    expect(decisivePath(parseCgroup("x"))).toBeNull();
  });
});

describe("cgroupMounts", () => {
  it("finds each hierarchy", () => {
    const mounts = cgroupMounts(
      parseMountinfo(
        [
          "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
          "40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd",
          "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
          "27 1 254:0 / / rw - ext4 /dev/vda rw",
        ].join("\n"),
      ),
    );
    expect(mounts.get("cpuacct")?.target).toBe("/sys/fs/cgroup/cpu,cpuacct");
    expect(mounts.get("systemd")?.target).toBe("/sys/fs/cgroup/systemd");
    expect(mounts.get("")?.target).toBe("/sys/fs/cgroup/unified");
    expect(mounts.has("memory")).toBe(false);
  });
});

describe("collectCgroup on version 2", () => {
  const paths = new Map([["", "/slice/ctr"]]);
  const limits = (memory: string, pids: string, cpu: string, at: string): Record<string, Entry> => ({
    [`${at}/memory.max`]: memory,
    [`${at}/pids.max`]: pids,
    [`${at}/cpu.max`]: cpu,
  });

  it("takes the smallest limit on the way to the root", () => {
    const { files } = on({
      ...limits("max\n", "100\n", "50000 100000\n", "/cg/slice/ctr"),
      ...limits("1048576\n", "500\n", "max 100000\n", "/cg/slice"),
      "/cg/slice/ctr/memory.peak": "4096\n",
      "/cg/slice/ctr/cpu.weight": "100\n",
    });
    expect(collectCgroup(files, paths, V2)).toMatchObject({
      version: 2,
      paths: { "": "/slice/ctr" },
      memoryLimit: { ok: true, value: 1048576 },
      memoryPeak: { ok: true, value: 4096 },
      pidsLimit: { ok: true, value: 100 },
      cpuLimit: { ok: true, value: 0.5 },
      cpuShares: { ok: true, value: 100 },
      devices: { ok: false },
    });
  });

  it("reads the cgroups above several containers once, and those of the containers each time", () => {
    const { files, write } = on({
      ...limits("max\n", "100\n", "max 100000\n", "/cg/slice/ctr"),
      ...limits("max\n", "70\n", "max 100000\n", "/cg/slice/other"),
      ...limits("max\n", "80\n", "max 100000\n", "/cg/slice"),
    });
    const known: CgroupLimits = new Map();
    const pids = (path: string) => collectCgroup(files, new Map([["", path]]), V2, known).pidsLimit;
    expect(pids("/slice/ctr")).toEqual({ ok: true, value: 80 });
    write({ "/cg/slice/pids.max": "1\n", "/cg/slice/ctr/pids.max": "60\n" });
    expect(pids("/slice/other")).toEqual({ ok: true, value: 70 });
    expect(pids("/slice/ctr")).toEqual({ ok: true, value: 60 });
    expect(collectCgroup(files, paths, V2).pidsLimit).toEqual({ ok: true, value: 1 });
  });

  it("says null only for a cgroup that is there", () => {
    const { files } = on({ ...limits("max\n", "max\n", "max 100000\n", "/cg/slice/ctr") });
    expect(collectCgroup(files, paths, V2)).toMatchObject({
      memoryLimit: { ok: true, value: null },
      pidsLimit: { ok: true, value: null },
      cpuLimit: { ok: true, value: null },
    });
  });

  it("does not take a cgroup that has gone for one without limits", () => {
    const { files } = on({ "/cg/memory.max": "max\n" });
    expect(collectCgroup(files, paths, V2).memoryLimit).toEqual({
      ok: false,
      why: "/cg/slice/ctr: does not exist",
    });
  });

  it("counts a level without the controller as one without a limit", () => {
    const { files } = on({ "/cg/slice/ctr": { folder: true }, "/cg/slice/cpu.max": "200000 100000\n" });
    expect(collectCgroup(files, paths, V2)).toMatchObject({
      cpuLimit: { ok: true, value: 2 },
      memoryLimit: { ok: true, value: null },
    });
  });

  it("says that there is no limit in the root cgroup", () => {
    const { files } = on({ "/cg/cgroup.procs": "" });
    expect(collectCgroup(files, new Map([["", "/"]]), V2).pidsLimit).toEqual({ ok: true, value: null });
  });

  it("judges nothing outside the part of the tree that is mounted", () => {
    const { files } = on({ "/cg/max": "", "/cg/ctrl/memory.max": "1\n" });
    const part = new Map([["", { target: "/cg", root: "/slice/ctr" }]]);
    const at = (path: string) => collectCgroup(files, new Map([["", path]]), part).memoryLimit;
    expect(at("/slice/ctr/ctrl")).toEqual({ ok: true, value: 1 });
    expect(at("/slice/ctrl")).toMatchObject({ ok: false });
    expect(at("/../other")).toMatchObject({ ok: false });
  });
});

describe("collectCgroup on version 1", () => {
  const paths = new Map(["memory", "pids", "cpu", "devices", ""].map((name) => [name, "/docker/abc"]));

  it("reads each controller's own hierarchy, also on a hybrid host", () => {
    const { files } = on({
      "/cg/memory/docker/abc/memory.limit_in_bytes": "9223372036854771712\n",
      "/cg/memory/docker/memory.limit_in_bytes": "67108864\n",
      "/cg/memory/memory.limit_in_bytes": "9223372036854771712\n",
      "/cg/memory/docker/abc/memory.max_usage_in_bytes": "8192\n",
      "/cg/pids/docker/abc/pids.max": "50\n",
      "/cg/pids/docker/pids.max": "max\n",
      "/cg/cpu/docker/abc/cpu.cfs_quota_us": "-1\n",
      "/cg/cpu/docker/abc/cpu.cfs_period_us": "100000\n",
      "/cg/cpu/docker/cpu.cfs_quota_us": "150000\n",
      "/cg/cpu/docker/cpu.cfs_period_us": "100000\n",
      "/cg/cpu/docker/abc/cpu.shares": "1024\n",
      "/cg/devices/docker/abc/devices.list": "c 1:3 rwm\nb *:* m\n",
    });
    const mounts = new Map([...V1, ["", { target: "/cg/unified", root: "/" }]]);
    expect(collectCgroup(files, paths, mounts)).toMatchObject({
      version: 1,
      memoryLimit: { ok: true, value: 67108864 },
      memoryPeak: { ok: true, value: 8192 },
      pidsLimit: { ok: true, value: 50 },
      cpuLimit: { ok: true, value: 1.5 },
      cpuShares: { ok: true, value: 1024 },
      devices: { ok: true, value: ["c 1:3 rwm", "b *:* m"] },
    });
  });

  it("says which hierarchy is not mounted", () => {
    const { files } = on({});
    expect(collectCgroup(files, paths, new Map()).memoryLimit).toEqual({
      ok: false,
      why: "the memory cgroup hierarchy is not mounted here",
    });
  });

  it("reads the cgroup of this very process", () => {
    const files = hostFiles();
    const mounts = cgroupMounts(parseMountinfo(files.read("/proc/self/mountinfo", 16 << 20)));
    const answer = collectCgroup(files, parseCgroup(files.read("/proc/self/cgroup")), mounts);
    const reading = answer.pidsLimit;
    expect(reading.ok ? reading.value === null || reading.value > 0 : reading.why !== "").toBe(true);
  });
});
