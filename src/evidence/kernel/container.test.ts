import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { got } from "#model/reading.ts";
import { hostFiles } from "../filesystem.ts";
import {
  type Entry,
  INITIAL_NAMESPACES,
  processEntries,
  statLine,
  testHost,
  type TestHost,
} from "../testing.ts";
import { collectActual, type HostSocket, membersOf } from "./container.ts";
import { hostMounts, type KernelView, viewKernel } from "./view.ts";

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

  it("reads what listens in a network namespace once, from whichever process tells", () => {
    const list = "heading\n 0: 00000000:0050 00000000:0000 0A 0:0 0:0 0 0 0 7 1\n";
    const kernel = view({ "/proc/51/net/tcp": list });
    expect(kernel.socketsOf(50).listeners).toMatchObject({ ok: false });
    expect(kernel.socketsOf(51).listeners).toMatchObject({ ok: true, value: [{ port: 80, inode: 7 }] });
    expect(kernel.socketsOf(50)).toBe(kernel.socketsOf(51));
    expect(kernel.socketsOf(20).listeners).toMatchObject({ ok: false });
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

  it("gives no container the cgroup that its own supervisor is in, whatever it calls itself", () => {
    const kernel = view({
      ...processEntries(75, "containerd-shim", { cgroup: `0::/system.slice/docker-${ID}.scope\n` }),
      ...processEntries(76, "forged", { parent: 75, cgroup: `0::/system.slice/docker-${ID}.scope\n` }),
      ...processEntries(77, "dockerd", { cgroup: "0::/system.slice/docker.service\n" }),
    });
    expect(pids(membersOf(kernel, 76, "system.slice"))).toEqual([76]);
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
        sockets: got(surroundings.sockets ?? []),
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

  const SOCKET_ENTRIES = {
    "/run/docker.sock": "stands for the socket",
    "/proc/50/root/hostrun/docker.sock": "stands for the socket",
    "/proc/50/mountinfo": "80 72 0:30 / /hostrun ro - tmpfs tmpfs rw\n",
  };

  function socketsOf(kernel: KernelView) {
    const seen = kernel.files.stat("/proc/50/root/hostrun/docker.sock");
    const sockets = [{ path: "/run/docker.sock", identity: `${seen.dev}:${seen.ino}` }];
    const { engineSockets } = actualOf(kernel, { sockets });
    return engineSockets.ok ? engineSockets.value.map(({ path }) => path) : engineSockets.why;
  }

  it("finds it also where the host shows the same folder under a shorter name", () => {
    const mounts = `${HOST_MOUNTS}41 27 0:30 / /r rw - tmpfs tmpfs rw\n`;
    expect(socketsOf(view({ ...SOCKET_ENTRIES, "/proc/1/mountinfo": mounts }))).toEqual([
      "/hostrun/docker.sock",
    ]);
  });

  it("finds it on a file system that only the supervisor of the container has mounted", () => {
    const kernel = view({
      ...SOCKET_ENTRIES,
      "/proc/50/mountinfo": "80 72 0:31 / /hostrun ro - tmpfs tmpfs rw\n",
      "/proc/20/mountinfo": `${HOST_MOUNTS}42 40 0:31 / /run rw - tmpfs tmpfs rw\n`,
    });
    expect(socketsOf(kernel)).toEqual(["/hostrun/docker.sock"]);
  });

  it("goes by the mount where it may not look into the container", () => {
    const kernel = view(SOCKET_ENTRIES);
    const { files } = kernel;
    const closed = {
      ...kernel,
      files: {
        ...files,
        stat: (path: string) => {
          if (path.startsWith("/proc/50/root/")) throw Object.assign(new Error("no"), { code: "EACCES" });
          return files.stat(path);
        },
      },
    };
    const { engineSockets } = actualOf(closed, { sockets: [{ path: "/run/docker.sock", identity: "0:0" }] });
    expect(engineSockets).toMatchObject({ ok: true, value: [{ path: "/hostrun/docker.sock" }] });
  });

  it("stops at a number of sockets, however many mounts show them", () => {
    const lines = Array.from({ length: 300 }, (_, at) => `${100 + at} 72 0:30 / /m${at} rw - tmpfs t rw\n`);
    const kernel = view({ ...SOCKET_ENTRIES, "/proc/50/mountinfo": lines.join("") });
    const closed = { code: "EACCES" };
    const files = {
      ...kernel.files,
      stat: () => {
        throw Object.assign(new Error("no"), closed);
      },
    };
    const { engineSockets } = actualOf(
      { ...kernel, files },
      { sockets: [{ path: "/run/docker.sock", identity: "0:0" }] },
    );
    expect(engineSockets.ok && engineSockets.value).toHaveLength(100);
  });

  describe("of a process that has changed its root", () => {
    const CHANGED = {
      "/proc/50/root": { link: "/srv" },
      "/proc/50/mountinfo": "",
    };

    it("asks another one of the container for all mounts", () => {
      const kernel = view({
        ...CHANGED,
        "/proc/51/root": { link: "/" },
        "/proc/51/mountinfo": "80 72 254:0 /etc /hostetc rw - ext4 /dev/vda rw\n",
      });
      expect(actualOf(kernel).mounts).toMatchObject({ ok: true, value: [{ hostPath: "/etc" }] });
    });

    it("says that mounts cannot be seen where all of them have", () => {
      const kernel = view({ ...CHANGED, "/proc/51/root": { link: "/srv" } });
      const why =
        "every process has changed its root (to /srv), and the kernel shows only the mounts below it";
      expect(actualOf(kernel)).toMatchObject({
        mounts: { ok: false, why },
        engineSockets: { ok: false, why },
        deviceNodes: { ok: false, why },
      });
    });

    it("says so also where the link to the root is closed to us", () => {
      const kernel = view({ "/proc/50/mountinfo": "" });
      const readlink = (path: string) => {
        if (path.endsWith("/root")) throw Object.assign(new Error("no"), { code: "EACCES" });
        return kernel.files.readlink(path);
      };
      const { mounts } = actualOf({ ...kernel, files: { ...kernel.files, readlink } });
      expect(mounts.ok || mounts.why).toContain("shows no root");
    });

    it("does not ask one in another mount namespace", () => {
      const kernel = view({
        ...CHANGED,
        ...processEntries(52, "other", {
          parent: 50,
          cgroup: `5:pids:/docker/${ID}\n`,
          ns: { ...OWN, mnt: 999 },
        }),
        "/proc/51/root": { link: "/srv" },
        "/proc/52/root": { link: "/" },
      });
      expect(actualOf(kernel).mounts.ok).toBe(false);
    });
  });

  it("reads another thread where the first one has ended", () => {
    const ended = statLine(50, "sh", 20).replace(") S ", ") Z ").replace(" 20 0 1 0 ", " 20 0 2 0 ");
    const kernel = view({
      "/proc/50/stat": ended,
      "/proc/50/cgroup": "5:pids:/\n",
      "/proc/50/task/53/stat": statLine(53, "sh", 20),
      ...processEntries(53, "sh", { parent: 20, cgroup: `5:pids:/docker/${ID}\n`, ns: OWN }),
      "/proc/53/stat": "cut", // a thread is not listed in /proc
      "/proc/53/mountinfo": "80 72 254:0 /etc /hostetc rw - ext4 /dev/vda rw\n",
    });
    expect(pids(membersOf(kernel, 50, ID))).toEqual([50, 51]);
    const evidence = actualOf(kernel);
    expect(evidence).toMatchObject({ initPid: 50, namespaces: { net: 103 } });
    expect(evidence.processes[0]).toMatchObject({ pid: 50, cgroupPath: `/docker/${ID}` });
    expect(evidence.mounts).toMatchObject({ ok: true, value: [{ hostPath: "/etc" }] });
  });

  it("is missing where the first process has ended", () => {
    const answer = collectActual(
      view(),
      { id: ID, initPid: 999, members: [] },
      { owned: new Set(), trusted: new Set(), sockets: got([]) },
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
      { owned: new Set(pids(members)), trusted: own, sockets: got([]) },
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
