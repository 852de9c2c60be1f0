import { execFileSync } from "node:child_process";
import { linkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Namespaces } from "#model/evidence/process.ts";
import { hostFiles } from "../filesystem.ts";
import { collectNamespaces } from "../kernel/process.ts";
import { type Entry, INITIAL_NAMESPACES, statLine, testHost, type TestHost } from "../testing.ts";
import { findHostNamespaces } from "./namespaces.ts";

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

const KTHREADD: Record<string, Entry> = { "/proc/2/stat": statLine(2, "kthreadd", 0, true) };
const CONTAINER = { mnt: 1, pid: 2, net: 3, ipc: 4, uts: 5, user: 4026531837, cgroup: 7, time: 4026531834 };

function links(pid: number | "self", namespaces: Namespaces): Record<string, Entry> {
  return Object.fromEntries(
    Object.entries(namespaces).map(([type, inode]) => [
      `/proc/${pid}/ns/${type}`,
      { link: `${type}:[${inode}]` },
    ]),
  );
}

function found(entries: Record<string, Entry>, daemons: Namespaces[] = []) {
  host = testHost(entries);
  return findHostNamespaces(host.files, daemons);
}

describe("findHostNamespaces", () => {
  it("takes those of the first process where they can be read", () => {
    const init = { ...INITIAL_NAMESPACES, mnt: 4026531841, net: 4026531840 };
    const own = { ...init, mnt: 99 };
    expect(found({ ...links(1, init), ...links("self", own), ...KTHREADD })).toEqual({
      namespaces: init,
      own,
      pid: 1,
    });
  });

  it("takes our own where the first process is closed to us and we are in the initial ones", () => {
    expect(found({ ...links("self", INITIAL_NAMESPACES), ...KTHREADD })).toMatchObject({
      namespaces: INITIAL_NAMESPACES,
      pid: 1,
    });
  });

  it("leaves our own mounts and network out where they are not those of the first process", () => {
    const mountinfo = (id: number): string =>
      `22 27 0:21 / /proc rw - proc proc rw\n${id} 1 8:1 / / rw - ext4 x rw\n`;
    const entries = {
      ...links("self", INITIAL_NAMESPACES),
      ...KTHREADD,
      "/proc/1/mountinfo": mountinfo(27),
      "/proc/self/mountinfo": mountinfo(57),
      "/proc/1/net/unix": "",
      "/proc/self/net/unix": "",
    };
    const { mnt: _mnt, net: _net, ...known } = INITIAL_NAMESPACES;
    expect(found(entries).namespaces).toEqual(known);
    host?.write({ "/proc/self/mountinfo": mountinfo(27) });
    execFileSync("rm", [join(host?.root ?? "", "proc/self/net/unix")]);
    linkSync(join(host?.root ?? "", "proc/1/net/unix"), join(host?.root ?? "", "proc/self/net/unix"));
    expect(findHostNamespaces(host?.files ?? hostFiles(), []).namespaces).toEqual(INITIAL_NAMESPACES);
  });

  it("does not take a container's namespaces for the host's", () => {
    const answer = found({
      ...links("self", CONTAINER),
      ...links(1, CONTAINER),
      "/proc/2/stat": statLine(2, "kthreadd", 1),
    });
    const { mnt: _mnt, net: _net, ...known } = INITIAL_NAMESPACES;
    expect(answer).toEqual({ namespaces: known, own: CONTAINER, pid: null });
  });

  it("sees the host through its /proc from within a container", () => {
    const answer = found({ ...links("self", CONTAINER), ...KTHREADD }, [INITIAL_NAMESPACES]);
    expect(answer).toEqual({ namespaces: INITIAL_NAMESPACES, own: CONTAINER, pid: 1 });
  });

  it("does not learn the host's network from a rootless daemon", () => {
    const rootless = { ...INITIAL_NAMESPACES, user: 50, mnt: 51, net: 52 };
    const { namespaces } = found({ ...links("self", CONTAINER), ...KTHREADD }, [rootless]);
    expect(namespaces.net).toBeUndefined();
    expect(namespaces.user).toBe(INITIAL_NAMESPACES.user);
  });

  it("takes a system container for the host of the engine that runs in it", () => {
    const system = { ...CONTAINER, user: 60 };
    const daemon = { ...system, mnt: 70 };
    expect(found({ ...links("self", system), ...links(1, system) }, [daemon])).toEqual({
      namespaces: system,
      own: system,
      pid: 1,
    });
  });

  it("does not name a type that the kernel lacks", () => {
    const { time: _time, ...old } = CONTAINER;
    expect(found({ ...links("self", old) }).namespaces).not.toHaveProperty("time");
  });

  it("never puts the namespaces of an unshared process in the place of this machine's", () => {
    const own = collectNamespaces(hostFiles(), "self");
    const { namespaces } = findHostNamespaces(hostFiles(), []);
    for (const type of ["ipc", "uts", "user", "pid"] as const) {
      expect([own[type], INITIAL_NAMESPACES[type]]).toContain(namespaces[type]);
    }
  });
});
