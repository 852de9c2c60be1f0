import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { hostFiles } from "../filesystem.ts";
import {
  type Entry,
  INITIAL_NAMESPACES,
  processEntries,
  statLine,
  testHost,
  type TestHost,
} from "../testing.ts";
import {
  collectActual,
  type HostSocket,
  hostMounts,
  type KernelView,
  membersOf,
  viewKernel,
} from "./container.ts";

const ID = "c".repeat(64);
const OWN = { mnt: 101, pid: 102, net: 103, ipc: 104, uts: 105, user: 4026531837 };
const HOST_MOUNTS =
  "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n40 27 0:30 / /run rw - tmpfs tmpfs rw\n32 27 0:29 / /cg/pids rw - cgroup cgroup rw,pids\n";

let host: TestHost | undefined;
const children: ChildProcess[] = [];
afterEach(() => {
  host?.remove();
  host = undefined;
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** A host with one container (pids 50, 51), and whatever is added. */
function view(more: Record<string, Entry> = {}): KernelView {
  host = testHost({
    ...processEntries(1, "init", { parent: 0, ns: INITIAL_NAMESPACES }),
    ...processEntries(20, "containerd-shim", { ns: INITIAL_NAMESPACES }),
    ...processEntries(50, "sh", { parent: 20, cgroup: `5:pids:/docker/${ID}\n`, ns: OWN }),
    ...processEntries(51, "sleep", { parent: 50, cgroup: `5:pids:/docker/${ID}\n`, ns: OWN }),
    "/proc/1/mountinfo": HOST_MOUNTS,
    ...more,
  });
  return viewKernel(host.files);
}

function pids(members: readonly { pid: number }[]): number[] {
  return members.map(({ pid }) => pid);
}

describe("viewKernel", () => {
  it("takes one pass over /proc", () => {
    const kernel = view();
    expect(pids(kernel.sketches).toSorted((a, b) => a - b)).toEqual([1, 20, 50, 51]);
    expect(pids(kernel.children.get(50) ?? [])).toEqual([51]);
    expect(kernel.byPid.get(51)?.comm).toBe("sleep");
    expect(kernel.namespacesOf(50).net).toBe(103);
    expect(kernel.namespacesOf(50)).toBe(kernel.namespacesOf(50));
    expect(kernel.cgroupMounts.get("pids")?.target).toBe("/cg/pids");
  });

  it("throws only if /proc cannot be listed", () => {
    host = testHost();
    const { files } = host;
    expect(() => viewKernel(files)).toThrow(expect.objectContaining({ code: "ENOENT" }));
  });
});

describe("hostMounts", () => {
  it("takes those of pid 1, else our own", () => {
    expect(hostMounts(view().files)).toHaveLength(3);
    host?.remove();
    host = testHost({ "/proc/1/mountinfo": "", "/proc/self/mountinfo": "27 1 8:1 / / rw - ext4 x rw\n" });
    expect(hostMounts(host.files)).toHaveLength(1);
    expect(hostMounts(hostFiles()).some(({ target }) => target === "/")).toBe(true);
  });
});

describe("membersOf", () => {
  it("takes the processes of its cgroup, its init first", () => {
    const kernel = view({
      ...processEntries(60, "exec", { parent: 20, cgroup: `5:pids:/docker/${ID}\n` }),
      ...processEntries(61, "child", { parent: 20, cgroup: `5:pids:/docker/${ID}/inner\n` }),
      ...processEntries(62, "other", { parent: 20, cgroup: `5:pids:/docker/${ID}0\n` }),
    });
    const members = pids(membersOf(kernel, 50, ID));
    expect(members[0]).toBe(50);
    expect(members.toSorted((a, b) => a - b)).toEqual([50, 51, 60, 61]);
  });

  it("takes the whole cgroup of the container although its init moved further down", () => {
    const scope = `0::/system.slice/docker-${ID}.scope`;
    const kernel = view({
      ...processEntries(70, "systemd", { parent: 20, cgroup: `${scope}/init.scope\n` }),
      ...processEntries(71, "nginx", { parent: 70, cgroup: `${scope}/system.slice/nginx.service\n` }),
    });
    expect(pids(membersOf(kernel, 70, ID))).toEqual([70, 71]);
  });

  it("takes the descendants where it has no cgroup of its own", () => {
    const kernel = view({
      ...processEntries(80, "init", { parent: 20, cgroup: "0::/user.slice\n" }),
      ...processEntries(81, "a", { parent: 80, cgroup: "0::/user.slice\n" }),
      ...processEntries(82, "b", { parent: 81, cgroup: "0::/user.slice\n" }),
      ...processEntries(83, "bystander", { cgroup: "0::/user.slice\n" }),
    });
    expect(pids(membersOf(kernel, 80, ID)).toSorted((a, b) => a - b)).toEqual([80, 81, 82]);
  });

  it("ends where reused pids form a ring", () => {
    const kernel = view({
      "/proc/90/stat": statLine(90, "a", 91),
      "/proc/90/cgroup": "0::/\n",
      "/proc/91/stat": statLine(91, "b", 90),
      "/proc/91/cgroup": "0::/\n",
    });
    expect(pids(membersOf(kernel, 90, ID)).toSorted((a, b) => a - b)).toEqual([90, 91]);
  });

  it("has nobody where the init is gone", () => {
    expect(membersOf(view(), 999, ID)).toEqual([]);
  });
});

describe("collectActual", () => {
  function actualOf(
    kernel: KernelView,
    surroundings: { trusted?: number[]; sockets?: HostSocket[]; owned?: number[] } = {},
  ) {
    const members = membersOf(kernel, 50, ID);
    const answer = collectActual(
      kernel,
      { id: ID, initPid: 50, members },
      {
        owned: new Set([...pids(members), ...(surroundings.owned ?? [])]),
        trusted: new Set([...Object.values(INITIAL_NAMESPACES), ...(surroundings.trusted ?? [])]),
        sockets: surroundings.sockets ?? [],
      },
    );
    if (!answer.ok) throw new Error(answer.why);
    return answer.value;
  }

  it("names the path of the host that each mount shows", () => {
    const kernel = view({
      "/proc/50/mountinfo":
        "72 60 0:39 / / rw - overlay overlay rw\n80 72 254:0 /etc /hostetc rw - ext4 /dev/vda rw\n81 72 0:55 / /tmp rw - tmpfs tmpfs rw\n",
    });
    const { mounts } = actualOf(kernel);
    expect(mounts.ok && mounts.value.map(({ target, hostPath }) => [target, hostPath])).toEqual([
      ["/", null],
      ["/hostetc", "/etc"],
      ["/tmp", null],
    ]);
  });

  it("keeps each part that cannot be read apart from the others", () => {
    const evidence = actualOf(view());
    expect(evidence.mounts).toEqual({ ok: false, why: "/proc/50/mountinfo: does not exist" });
    expect(evidence.uidMap.ok).toBe(false);
    expect(evidence.engineSockets.ok).toBe(false);
    expect(evidence.processes.map(({ comm }) => comm)).toEqual(["sh", "sleep"]);
    expect(evidence.namespaces.net).toBe(103);
  });

  it("finds processes in its namespaces that are no members, but not through the host's", () => {
    const kernel = view({
      ...processEntries(95, "nsenter", { ns: { ...INITIAL_NAMESPACES, net: 103 } }),
      ...processEntries(96, "sidecar", { ns: { ...INITIAL_NAMESPACES, net: 103 } }),
    });
    expect(pids(actualOf(kernel, { owned: [96] }).foreign)).toEqual([95]);
    expect(actualOf(kernel, { owned: [96] }).foreign[0]?.inCgroup).toBe(false);
    expect(pids(actualOf(kernel, { trusted: [103] }).foreign)).toEqual([]);
  });

  it("finds an engine's socket by its inode, through whatever folder it is mounted", () => {
    const kernel = view({
      "/run/docker.sock": "stands for the socket",
      "/proc/50/root/hostrun/docker.sock": "stands for the socket",
      "/proc/50/root/other/docker.sock": "something else",
      "/proc/50/mountinfo":
        "80 72 0:30 / /hostrun ro - tmpfs tmpfs rw\n82 72 0:30 / /other rw - tmpfs tmpfs rw\n",
    });
    const seen = kernel.files.stat("/proc/50/root/hostrun/docker.sock");
    const sockets = [{ path: "/run/docker.sock", identity: `${seen.dev}:${seen.ino}` }];
    const { engineSockets } = actualOf(kernel, { sockets });
    expect(engineSockets).toMatchObject({
      ok: true,
      value: [{ path: "/hostrun/docker.sock", hostPath: "/run/docker.sock" }],
    });
  });

  it("is missing where the first process has ended", () => {
    const answer = collectActual(
      view(),
      { id: ID, initPid: 999, members: [] },
      { owned: new Set(), trusted: new Set(), sockets: [] },
    );
    expect(answer).toEqual({ ok: false, why: "its first process (999) has ended or is not on this host" });
  });

  it("reads a real process whole", async () => {
    const child = spawn("sleep", ["30"], { stdio: "ignore" });
    children.push(child);
    await once(child, "spawn");
    const files = hostFiles();
    const kernel = viewKernel(files);
    const members = membersOf(kernel, child.pid as number, ID);
    expect(pids(members)).toEqual([child.pid]);
    const own = new Set(Object.values(kernel.namespacesOf(process.pid)));
    const answer = collectActual(
      kernel,
      { id: ID, initPid: child.pid as number, members },
      { owned: new Set(pids(members)), trusted: own, sockets: [] },
    );
    expect(answer).toMatchObject({
      ok: true,
      value: {
        initPid: child.pid,
        foreign: [],
        namespaces: kernel.namespacesOf(process.pid),
        mounts: { ok: true },
        uidMap: { ok: true },
        limits: { ok: true },
        listeners: { ok: true },
        oomScoreAdj: { ok: true, value: Number(files.read("/proc/self/oom_score_adj")) },
      },
    });
  });
});
