import { describe, expect, it } from "vitest";
import type { HostEvidence } from "#model/evidence/host.ts";
import { got, missing } from "#model/reading.ts";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import type { JudgeContext } from "../rule.ts";
import { contextOf, daemon, engine, evidence, host, judgements, verdictOf } from "../testing.ts";
import rule from "./engine-users.ts";
import { stat } from "./testing.ts";

function account(name: string, uid: number, gid = uid) {
  return { name, uid, gid, home: `/home/${name}`, shell: "/bin/sh", password: "set" as const };
}

function machine(members: string[], changes: Partial<HostEvidence> = {}): HostEvidence {
  return host({
    accounts: got([account("root", 0), account("alice", 1000), account("bob", 1001), account("bo", 1002)]),
    groups: got([
      { name: "docker", gid: 105, members },
      { name: "sudo", gid: 27, members: ["bob"] },
    ]),
    ...changes,
  });
}

function context(
  engineUsers: string[] = [],
  socket: Parameters<typeof stat>[1] = {},
  changes: Parameters<typeof daemon>[0] = {},
): JudgeContext {
  const path = "/run/docker.sock";
  const unixSockets = [
    { path, abstract: false, stat: stat(path, { type: "socket", gid: 105, mode: 0o660, ...socket }) },
  ];
  const all = evidence({ engines: [engine({ daemon: got(daemon({ unixSockets, ...changes })) })] });
  return contextOf(all, { settings: { ...DEFAULT_SETTINGS, engineUsers } });
}

describe("users of the engine", () => {
  it("passes where nobody but root may", () => {
    expect(verdictOf(rule, machine([]), context())).toMatchObject({
      verdict: "pass",
      message: "nobody but root controls the engine",
    });
  });

  it("fails each member of the socket's group by name", () => {
    const judged = judgements(rule, machine(["alice", "bob"]), context());
    expect(judged.map(({ key, verdict }) => [key, verdict])).toEqual([
      ["alice", "fail"],
      ["bob", "fail"],
    ]);
    expect(judged[0]).toMatchObject({
      severity: "high",
      message: "alice controls the engine: is in the group docker of /run/docker.sock",
    });
    expect(judged[0]?.remediation).toContain("gpasswd --delete alice docker");
    expect(judged[0]?.evidence[0]?.source).toBe("/etc/group");
  });

  it("counts those whose first group it is", () => {
    const accounts = got([account("root", 0), account("carol", 1003, 105)]);
    expect(verdictOf(rule, machine([], { accounts }), context())).toMatchObject({
      key: "carol",
      verdict: "fail",
    });
  });

  it("trusts names that are equal, never parts of names", () => {
    expect(judgements(rule, machine(["bob", "bo"]), context(["bob"])).map(({ key }) => key)).toEqual(["bo"]);
    expect(judgements(rule, machine(["bob", "bo"]), context(["bo"])).map(({ key }) => key)).toEqual(["bob"]);
    expect(verdictOf(rule, machine(["bob", "bo"]), context(["bob", "bo"])).verdict).toBe("pass");
  });

  it("does not count a group that may not write to the socket", () => {
    expect(verdictOf(rule, machine(["alice"]), context([], { mode: 0o640 })).verdict).toBe("pass");
  });

  it("names everybody where the socket is open, and an owner who is not root", () => {
    expect(verdictOf(rule, machine([]), context([], { mode: 0o666 }))).toMatchObject({
      key: "every user",
      severity: "critical",
    });
    expect(verdictOf(rule, machine([]), context([], { uid: 1000 }))).toMatchObject({ key: "alice" });
  });

  it("reads sudoers: users, groups and aliases, milder where a password is asked for", () => {
    const sudoers = got([
      "root ALL=(ALL:ALL) ALL",
      "User_Alias OPS = alice",
      "OPS ALL=(root) NOPASSWD: /usr/bin/docker",
      "%sudo ALL=(ALL:ALL) ALL",
      "%wheel ALL=(ALL) ALL",
    ]);
    const judged = judgements(rule, machine([], { sudoers }), context());
    expect(judged.map(({ key, severity }) => [key, severity])).toEqual([
      ["alice", "medium"],
      ["bob", "low"],
    ]);
    expect(judged[0]?.message).toBe("alice controls the engine: may run it by sudo without a password");
  });

  it("says once per user by which ways, the worst deciding", () => {
    const sudoers = got(["alice ALL=(ALL) ALL"]);
    const judged = verdictOf(rule, machine(["alice"], { sudoers }), context());
    expect(judged).toMatchObject({ key: "alice", severity: "high" });
    expect(judged.message).toContain("is in the group docker of /run/docker.sock, may run it by sudo");
    expect(judged.evidence).toHaveLength(2);
  });

  it("lets a rootless engine be its own user's", () => {
    const own = { uid: 1000, gid: 1000, mode: 0o660 };
    const all = context([], own, { uid: 1000 });
    expect(verdictOf(rule, machine([]), all).verdict).toBe("pass");
    expect(verdictOf(rule, machine([]), context([], own)).key).toBe("alice");
  });

  it("tells what could not be read besides what was found", () => {
    const judged = judgements(rule, machine(["alice"], { sudoers: missing("permission denied") }), context());
    expect(judged.map(({ verdict, key }) => [verdict, key])).toEqual([
      ["fail", "alice"],
      ["unknown", "unread"],
    ]);
    expect(verdictOf(rule, machine([], { groups: missing("no /etc/group") }), context()).verdict).toBe(
      "unknown",
    );
    const unread = contextOf(evidence({ engines: [engine({ daemon: missing("run as root") })] }));
    expect(verdictOf(rule, machine([]), unread)).toMatchObject({ verdict: "unknown" });
  });

  it("is not applicable without a local engine", () => {
    const remote = contextOf(evidence({ engines: [engine({ local: false })] }));
    expect(verdictOf(rule, machine(["alice"]), remote).verdict).toBe("not-applicable");
  });
});
