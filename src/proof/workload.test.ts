import { describe, expect, it } from "vitest";
import { differs, normalLines, type Observation, workloadBody } from "./workload.ts";

/** A server that runs as user 1000 and said two lines. */
function seen(changes: Partial<Observation> = {}): Observation {
  const log = changes.log ?? "ready\nlistening on 80";
  return {
    exitCode: null,
    health: "none",
    lines: normalLines(log),
    log,
    uid: 1000,
    listens: ["tcp 80"],
    command: null,
    refused: null,
    ...changes,
  };
}

describe("differs", () => {
  it("sees no difference in numbers, times and ids", () => {
    const before = seen({ log: "2026-11-26 01:02:03 ready after 12 ms, id 4f3a9c0d11" });
    const after = seen({ log: "2026-11-26 01:02:09 ready after 9 ms, id 99bbccdd22" });
    expect(differs(before, after)).toBeNull();
  });

  it.each<[string, Partial<Observation>, Partial<Observation>, RegExp]>([
    ["it is not started", {}, { refused: "no such user" }, /no such user/],
    [
      "it ends",
      {},
      { exitCode: 1, log: "ready\ncannot write /x: Read-only file system" },
      /ended with 1: cannot write/,
    ],
    ["it listens no longer", {}, { listens: [] }, /no longer listens on tcp 80/],
    [
      "it prints an error",
      {},
      { log: "ready\nlistening on 80\nerror: Permission denied" },
      /Permission denied/,
    ],
    ["it is root now", {}, { uid: 0 }, /root now/],
    ["its health changes", { health: "healthy" }, { health: "unhealthy" }, /health check says unhealthy/],
    ["the command fails", { command: 0 }, { command: 1 }, /ends with 1/],
    [
      "another exit code",
      { exitCode: 0, log: "done" },
      { exitCode: 3, log: "done" },
      /ended with 3 in place of 0/,
    ],
    ["a line is missing", { exitCode: 0, log: "a\nb" }, { exitCode: 0, log: "a" }, /no longer prints: b/],
  ])("tells when %s", (_, before, after, message) => {
    expect(differs(seen(before), seen(after))).toMatch(message);
  });

  it("does not mind an error that it printed before", () => {
    const log = "ready\nlistening on 80\nerror: no config, using defaults";
    expect(differs(seen({ log }), seen({ log }))).toBeNull();
  });
});

describe("workloadBody", () => {
  const target = {
    Image: "sha256:1",
    Config: { User: "app", Cmd: ["serve"], Volumes: { "/cache": {} }, Env: ["A=1"] },
    HostConfig: {
      Binds: ["/etc/app:/etc/app:ro", "/srv/data:/data"],
      NetworkMode: "prod",
      PortBindings: { "80/tcp": [{ HostPort: "80" }] },
      RestartPolicy: { Name: "always" },
      CapAdd: ["NET_ADMIN"],
    },
    Mounts: [
      { Type: "bind", Destination: "/etc/app", RW: false },
      { Type: "bind", Destination: "/data", RW: true },
      { Type: "volume", Destination: "/db", RW: true },
    ],
  };
  const body = workloadBody(target, { network: "n", volume: "v" });

  it("never reaches what the running container may write", () => {
    const { Binds, Mounts, NetworkMode, PortBindings } = body["HostConfig"] as Record<string, unknown>;
    expect(Binds).toEqual(["/etc/app:/etc/app:ro", "v:/.seaworthy:ro"]);
    expect([Mounts, NetworkMode, PortBindings]).toEqual([null, "n", {}]);
    expect(Object.keys(body["Volumes"] as object).toSorted()).toEqual(["/cache", "/data", "/db"]);
  });

  it("is otherwise the same program, held the same", () => {
    expect(body).toMatchObject({ Image: "sha256:1", User: "app", Cmd: ["serve"], Env: ["A=1"] });
    expect(body["HostConfig"]).toMatchObject({ CapAdd: ["NET_ADMIN"], RestartPolicy: { Name: "no" } });
  });
});
