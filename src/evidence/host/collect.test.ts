import { hostname } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { HostEvidence } from "#model/evidence/host.ts";
import { hostFiles } from "../filesystem.ts";
import { viewKernel } from "../kernel/view.ts";
import {
  type Entry,
  INITIAL_NAMESPACES,
  processEntries,
  statLine,
  testHost,
  type TestHost,
} from "../testing.ts";
import { bootTime, collectHost, readHostItself } from "./collect.ts";

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

async function collected(entries: Record<string, Entry>) {
  host = testHost(entries);
  return collectHost(viewKernel(host.files), [], new Set(), await readHostItself(host.files));
}

const SELF = Object.fromEntries(
  Object.entries(INITIAL_NAMESPACES).map(([type, inode]) => [
    `/proc/self/ns/${type}`,
    { link: `${type}:[${inode}]` },
  ]),
);

describe("collectHost", () => {
  it("gives every field of this machine, in the shape of the model", async () => {
    const files = hostFiles();
    const evidence = await collectHost(viewKernel(files), [], new Set(), await readHostItself(files));
    expect(HostEvidence.parse(evidence)).toEqual(evidence);
    expect(evidence.cpus).toBeGreaterThan(0);
    expect(evidence.memoryTotal).toMatchObject({ ok: true });
    expect(evidence.bootedAtMs.ok && evidence.bootedAtMs.value < Date.now()).toBe(true);
    expect(evidence.os.id).not.toBe("");
    expect(evidence.name).not.toBe("");
    expect(evidence.services.some((name) => name.startsWith("node"))).toBe(true);
    expect(evidence.mounts).toMatchObject({ ok: true });
  });

  it("reads another root without touching our own", async () => {
    const evidence = await collected({
      ...processEntries(1, "systemd", { parent: 0, ns: INITIAL_NAMESPACES }),
      ...processEntries(30, "auditd"),
      ...SELF,
      "/proc/2/stat": statLine(2, "kthreadd", 0, true),
      "/proc/1/mountinfo":
        "27 1 254:0 / / rw - ext4 /dev/vda rw\n31 27 0:27 / /cg/memory rw - cgroup cgroup rw,memory\n32 27 0:28 / /cg/u rw - cgroup2 cgroup2 rw\n",
      "/proc/1/net/tcp": "heading\n 0: 00000000:0016 0:0 0A 0:0 0:0 0 0 0 55 1\n",
      "/proc/stat": "cpu  1 2\ncpu0 1 2\ncpu1 1 2\nintr 5\nbtime 1767225600\n",
      "/proc/meminfo": "MemTotal:       2048 kB\nMemFree: 1 kB\n",
      "/proc/sys/kernel/hostname": "judged\n",
      "/etc/os-release": 'NAME="x"\nID=alpine\nVERSION_ID="3.20"\nPRETTY_NAME="Alpine Linux v3.20"\n',
      "/etc/passwd": "root:x:0:0::/root:/bin/sh\n",
      "/lib/apk/db/installed": "P:runc\nV:1\n\n",
    });
    expect(evidence).toMatchObject({
      name: "judged",
      os: { id: "alpine", version: "3.20", name: "Alpine Linux v3.20" },
      cgroupVersion: "hybrid",
      memoryTotal: { ok: true, value: 2048 * 1024 },
      cpus: 2,
      bootedAtMs: { ok: true, value: 1767225600_000 },
      namespaces: INITIAL_NAMESPACES,
      mounts: { ok: true, value: [{ target: "/" }, { target: "/cg/memory" }, { target: "/cg/u" }] },
      services: ["auditd", "systemd"],
      listeners: { ok: true, value: [{ port: 22 }] },
      packages: { ok: true, value: [{ name: "runc" }] },
      audit: { running: { ok: true, value: true }, loaded: { ok: false }, files: { ok: true, value: [] } },
      firewall: { ok: false },
      sudoers: { ok: true, value: [] },
      netns: { ok: true, value: [] },
    });
    expect(evidence.sysctls["net.ipv4.ip_forward"]).toEqual({ ok: true, value: null });
  });

  it("does not take the container that it runs in for the host", async () => {
    const inside = { mnt: 1, pid: 2, net: 3, ipc: 4, uts: 5, user: 4026531837, cgroup: 7 };
    const evidence = await collected({
      ...processEntries(1, "node", { parent: 0, ns: inside }),
      ...Object.fromEntries(
        Object.entries(inside).map(([type, inode]) => [
          `/proc/self/ns/${type}`,
          { link: `${type}:[${inode}]` },
        ]),
      ),
      "/proc/1/mountinfo": "27 1 0:50 / / rw - overlay overlay rw\n",
      "/proc/1/net/tcp": "heading\n 0: 00000000:0016 0:0 0A 0:0 0:0 0 0 0 55 1\n",
      "/proc/sys/kernel/hostname": "3c31be269a72\n",
      "/proc/sys/net/ipv4/ip_forward": "0\n",
      "/etc/hostname": "real\n",
    });
    expect(evidence).toMatchObject({
      name: "real",
      mounts: { ok: false },
      listeners: { ok: false },
      firewall: { ok: false },
      services: [],
      audit: { running: { ok: false } },
    });
    expect(evidence.sysctls["net.ipv4.ip_forward"]).toMatchObject({ ok: false });
    expect(evidence.namespaces).not.toHaveProperty("net");
    expect(evidence.namespaces.pid).toBe(INITIAL_NAMESPACES.pid);
  });

  it("has a reason for everything where there is nothing at all", async () => {
    const evidence = await collected({ "/proc": { folder: true } });
    expect(HostEvidence.parse(evidence)).toEqual(evidence);
    expect(evidence).toMatchObject({
      name: hostname(),
      os: { id: "", version: "", name: "" },
      cgroupVersion: "unknown",
      memoryTotal: { ok: false, why: "/proc/meminfo: does not exist" },
      cpus: 0,
      bootedAtMs: { ok: false, why: "/proc/stat: does not exist" },
      packages: { ok: false },
      mounts: { ok: false },
    });
  });

  it.each([
    ["0:27 / /cg rw - cgroup2 cgroup2 rw", "2"],
    ["0:27 / /cg rw - cgroup cgroup rw,pids", "1"],
    ["0:27 / /cg rw - tmpfs tmpfs rw", "unknown"],
  ])("tells the version of cgroups by %s", async (line, version) => {
    const evidence = await collected({ "/proc/1/mountinfo": `30 27 ${line}\n` });
    expect(evidence.cgroupVersion).toBe(version);
  });
});

describe("bootTime", () => {
  it("says that the line is missing", () => {
    host = testHost({ "/proc/stat": "cpu 1\n" });
    expect(bootTime(host.files)).toEqual({ ok: false, why: "/proc/stat: no btime line" });
  });
});
