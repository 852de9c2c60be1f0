import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { hostFiles } from "../filesystem.ts";
import { processEntries, statLine, testHost } from "../testing.ts";
import { parseMountinfo } from "./mountinfo.ts";
import {
  collectNamespaces,
  collectProcess,
  inodeOfLink,
  parseIdMap,
  parseLimits,
  parseStat,
  sketchProcesses,
} from "./process.ts";

const files = hostFiles();
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function sleeper(options: Parameters<typeof spawn>[2] = {}): Promise<number> {
  const child = spawn("sleep", ["30"], { stdio: "ignore", ...options });
  children.push(child);
  await once(child, "spawn");
  return child.pid as number;
}

describe("collectNamespaces", () => {
  it("gives the inodes that the links show", () => {
    const own = collectNamespaces(files, "self");
    expect(`net:[${own.net}]`).toBe(readlinkSync("/proc/self/ns/net"));
    expect(`mnt:[${own.mnt}]`).toBe(readlinkSync("/proc/self/ns/mnt"));
  });

  it("leaves out what cannot be read", () => {
    const host = testHost(processEntries(9, "x", { ns: { net: 12 } }));
    expect(collectNamespaces(host.files, 9)).toEqual({ net: 12 });
    expect(collectNamespaces(host.files, 10)).toEqual({});
    host.remove();
  });
});

describe("inodeOfLink", () => {
  it.each([
    ["mnt:[4026531840]", 4026531840],
    ["socket:[6259]", 6259],
    ["/dev/null", null],
    ["anon_inode:[eventfd]", null],
    ["", null],
  ])("%j is %j", (link, inode) => {
    expect(inodeOfLink(link)).toBe(inode);
  });
});

describe("parseIdMap", () => {
  it("reads ranges", () => {
    expect(parseIdMap("         0     231072      65536\n     65536 0 1\n")).toEqual([
      { inside: 0, outside: 231072, count: 65536 },
      { inside: 65536, outside: 0, count: 1 },
    ]);
    expect(parseIdMap(files.read("/proc/self/uid_map")).length).toBeGreaterThan(0);
  });

  it("gives whole numbers only, whatever the text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const range of parseIdMap(`${text}\n1 2 x\n1 2\n`)) {
          expect(Object.values(range).every(Number.isInteger)).toBe(true);
        }
      }),
    );
  });
});

describe("parseLimits", () => {
  it("reads the running kernel's table", () => {
    const limits = parseLimits(files.read("/proc/self/limits"));
    expect(Object.keys(limits)).toEqual(expect.arrayContaining(["Max open files", "Max processes"]));
    expect(limits["Max open files"]?.soft).toBeGreaterThan(0);
  });

  it("reads unlimited as null", () => {
    const text =
      "Limit                     Soft Limit           Hard Limit           Units     \n" +
      "Max core file size        0                    unlimited            bytes     \n" +
      "Max nice priority         0                    0                    \n";
    expect(parseLimits(text)).toEqual({
      "Max core file size": { soft: 0, hard: null },
      "Max nice priority": { soft: 0, hard: 0 },
    });
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(typeof parseLimits(`\n${text}`)).toBe("object");
      }),
    );
  });
});

describe("parseStat", () => {
  it("reads a name with blanks and parentheses", () => {
    expect(parseStat(statLine(7, "a) S 1 (b", 3))).toEqual({
      comm: "a) S 1 (b",
      parent: 3,
      kernelThread: false,
      startTicks: 5000,
      ended: false,
      threads: 1,
    });
  });

  it("tells zombies", () => {
    const zombie = statLine(7, "a) S 1 (b", 3).replace(") S 3", ") Z 3");
    expect(parseStat(zombie)).toMatchObject({ comm: "a) S 1 (b", ended: true });
  });

  it("tells kernel threads", () => {
    expect(parseStat(statLine(2, "kthreadd", 0, true))?.kernelThread).toBe(true);
  });

  it("agrees with the running system", () => {
    expect(parseStat(files.read("/proc/self/stat"))).toMatchObject({
      parent: process.ppid,
      kernelThread: false,
    });
  });

  it("refuses a line that was cut short", () => {
    const line = statLine(7, "x", 3);
    expect(parseStat(line.slice(0, 20))).toBeNull();
    expect(parseStat("")).toBeNull();
    fc.assert(fc.property(fc.string(), (text) => void parseStat(text)));
  });
});

describe("sketchProcesses", () => {
  it("lists programs, not kernel threads and not files of /proc", () => {
    const host = testHost({
      ...processEntries(1, "init", { parent: 0 }),
      ...processEntries(812, "sleep", { cgroup: "5:pids:/docker/abc\n" }),
      "/proc/2/stat": statLine(2, "kthreadd", 0, true),
      "/proc/2/cgroup": "0::/\n",
      "/proc/77/stat": "cut",
      "/proc/cpuinfo": "",
      "/proc/99": { folder: true },
    });
    const sketches = sketchProcesses(host.files).map(({ pid, parent, comm, cgroupPath }) => ({
      pid,
      parent,
      comm,
      cgroupPath,
    }));
    expect(sketches.toSorted((a, b) => a.pid - b.pid)).toEqual([
      { pid: 1, parent: 0, comm: "init", cgroupPath: "/" },
      { pid: 812, parent: 1, comm: "sleep", cgroupPath: "/docker/abc" },
    ]);
    host.remove();
  });

  it("leaves out what has ended, and asks the other threads where only the first one has", () => {
    const ended = (pid: number, threads: number) =>
      statLine(pid, "x", 3).replace(") S ", ") Z ").replace(" 20 0 1 0 ", ` 20 0 ${threads} 0 `);
    const host = testHost({
      "/proc/50/stat": ended(50, 1),
      "/proc/50/cgroup": "5:pids:/\n",
      "/proc/60/stat": ended(60, 2),
      "/proc/60/cgroup": "5:pids:/\n",
      "/proc/60/task/60/stat": ended(60, 2),
      "/proc/60/task/61/stat": statLine(61, "y", 3),
      "/proc/61/cgroup": "5:pids:/docker/abc\n",
      "/proc/70/stat": ended(70, 2),
      "/proc/70/task/70/stat": ended(70, 2),
    });
    const found = sketchProcesses(host.files).map(({ pid, task, cgroupPath }) => ({ pid, task, cgroupPath }));
    expect(found).toEqual([{ pid: 60, task: 61, cgroupPath: "/docker/abc" }]);
    host.remove();
  });

  it("finds this process and its child", async () => {
    const pid = await sleeper();
    const sketches = sketchProcesses(files);
    expect(sketches.find((sketch) => sketch.pid === pid)).toMatchObject({
      comm: "sleep",
      parent: process.pid,
    });
  });
});

describe("collectProcess", () => {
  it("describes a running process", async () => {
    const pid = await sleeper();
    const answer = collectProcess(files, { pid, task: pid, cgroupPath: "/x" }, true, null);
    expect(answer).toMatchObject({
      pid,
      parent: process.pid,
      comm: "sleep",
      executable: expect.stringMatching(/sleep|busybox|coreutils/),
      inCgroup: true,
      cgroupPath: "/x",
      outside: [],
    });
    expect(answer?.uids[1]).toBe(process.geteuid?.());
    expect(answer?.namespaces.net).toBe(collectNamespaces(files, "self").net);
  });

  it("is null for a process that has ended", async () => {
    const pid = await sleeper();
    children[0]?.kill("SIGKILL");
    await once(children[0] as ChildProcess, "exit");
    expect(collectProcess(files, { pid, task: pid, cgroupPath: null }, true, null)).toBeNull();
  });

  it("names open folders and a working directory that lie on no mount of the process", async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "seaworthy-open-")));
    const pid = await sleeper({ cwd: folder });
    const own = parseMountinfo(files.read(`/proc/${pid}/mountinfo`, 16 << 20));
    const mountNamespace = collectNamespaces(files, pid).mnt;
    const search = (ids: readonly number[], left = 100) => ({ mountNamespace, mountIds: new Set(ids), left });
    const outside = (id: number, given: ReturnType<typeof search>) =>
      collectProcess(files, { pid: id, task: id, cgroupPath: null }, true, given)?.outside;
    expect(outside(pid, search(own.map(({ id }) => id)))).toEqual([]);
    expect(outside(pid, search([]))).toEqual([`cwd -> ${folder}`]);
    expect(outside(pid, { ...search([]), mountNamespace: 1 })).toEqual([]);
    const shell = spawn("sh", ["-c", `exec 9<"${folder}"; exec sleep 30`], { stdio: "ignore" });
    children.push(shell);
    await once(shell, "spawn");
    await expect.poll(() => outside(shell.pid as number, search([]))).toContain(`fd 9 -> ${folder}`);
    expect(outside(shell.pid as number, search([], 2))).not.toContain(`fd 9 -> ${folder}`);
    rmSync(folder, { recursive: true });
  });

  it("reads the label of the security module", () => {
    const host = testHost({
      ...processEntries(9, "x"),
      "/proc/9/attr/apparmor/current": "docker-default (enforce)\n",
      "/proc/9/attr/current": "other\n",
      ...processEntries(10, "x"),
      "/proc/10/attr/current": "system_u:system_r:container_t:s0:c1,c2\0",
      ...processEntries(11, "x"),
    });
    const label = (pid: number) =>
      collectProcess(host.files, { pid, task: pid, cgroupPath: null }, true, null)?.lsmLabel;
    expect([label(9), label(10), label(11)]).toEqual([
      "docker-default (enforce)",
      "system_u:system_r:container_t:s0:c1,c2",
      null,
    ]);
    host.remove();
  });
});
