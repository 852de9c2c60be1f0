import { afterEach, describe, expect, it } from "vitest";
import type { FoundDaemon } from "../host/daemons.ts";
import { processEntries, testHost, type TestHost } from "../testing.ts";
import { viewKernel } from "./view.ts";
import { knownSockets } from "./known-sockets.ts";

let host: TestHost | undefined;
afterEach(() => host?.remove());

function daemon(program: string, inodes: number[]): FoundDaemon {
  const unixSockets = inodes.map((inode) => ({ path: "/run/docker.sock", inode }));
  return { pid: 700, program, unixSockets, socketInodes: new Set(inodes) };
}

describe("knownSockets", () => {
  function known(daemons: FoundDaemon[], uid: number) {
    host = testHost({ ...processEntries(700, "dockerd"), "/run/docker.sock": "stands for the socket" });
    const sockets = knownSockets({ view: viewKernel(host.files), daemons }, uid);
    return sockets.ok ? sockets.value.map(({ path }) => path) : sockets.why;
  }

  it("tells those of daemons whose descriptors it could read", () => {
    expect(known([daemon("dockerd", [11])], 1000)).toEqual(["/run/docker.sock"]);
  });

  it("is missing where those of an engine are closed to this user", () => {
    expect(known([daemon("dockerd", [])], 1000)).toContain("run as root");
    expect(known([daemon("systemd", [9]), daemon("containerd", [])], 1000)).toContain("run as root");
    expect(known([], 1000)).toContain("run as root");
  });

  it("believes root, to whom nothing is closed", () => {
    expect(known([daemon("systemd", [])], 0)).toEqual([]);
  });
});
