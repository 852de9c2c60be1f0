import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { host } from "../../testing.ts";
import { parseSudoers, usersBehind } from "./sudoers.ts";

function who(...lines: string[]) {
  return parseSudoers(lines).map((grant) => grant.who);
}

describe("sudoers lines", () => {
  it("names users before the first blank that no comma explains", () => {
    expect(who("alice ALL=(ALL) ALL")).toEqual([["alice"]]);
    expect(who("alice, bob,%ops ALL = (root) /usr/bin/docker")).toEqual([["alice", "bob", "%ops"]]);
    expect(who("alice HOST1, HOST2=(ALL) ALL")).toEqual([["alice"]]);
    expect(who('"domain users", x\\ y ALL=ALL')).toEqual([["domain users", "x y"]]);
    expect(who("#1000,%#27 ALL=ALL")).toEqual([["#1000", "%#27"]]);
    expect(who("!bob,alice ALL=ALL")).toEqual([["alice"]]);
  });

  it("puts aliases in place and passes over everything else", () => {
    expect(who("User_Alias OPS = alice, bob : DEV = carol", "OPS,DEV ALL=ALL")).toEqual([
      ["alice", "bob", "carol"],
    ]);
    expect(
      who("Defaults env_reset", "Cmnd_Alias D = /usr/bin/docker", "# a comment", "@include x", "", "="),
    ).toEqual([]);
  });

  it("sees that no password is asked for", () => {
    expect(parseSudoers(["a ALL=(ALL) NOPASSWD: ALL"])[0]?.passwordless).toBe(true);
    expect(parseSudoers(["a ALL=(ALL) PASSWD: ALL"])[0]?.passwordless).toBe(false);
  });

  it("never throws, however long and odd the line", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constant("User_Alias A=A"))), (lines) => {
        expect(parseSudoers(lines).every((grant) => grant.who.length > 0)).toBe(true);
      }),
    );
    expect(parseSudoers([`${", ".repeat(50_000)}x`])).toEqual([]);
  });
});

describe("users behind a name", () => {
  const machine = host({
    groups: got([{ name: "ops", gid: 50, members: ["alice", "root"] }]),
    accounts: got(
      (
        [
          ["root", 0, 0],
          ["alice", 1000, 1000],
          ["bob", 1001, 50],
          ["OPS", 1002, 1002],
        ] as const
      ).map(([name, uid, gid]) => ({
        name,
        uid,
        gid,
        home: "/",
        shell: "/bin/sh",
        password: "set" as const,
      })),
    ),
  });

  it.each([
    ["root", []],
    ["#0", []],
    ["#1000", ["alice"]],
    ["%ops", ["alice", "bob"]],
    ["%#50", ["alice", "bob"]],
    ["%nobody-has-this", []],
    ["OPS", ["OPS"]],
    ["ALL", ["every user"]],
    ["ldap-user", ["ldap-user"]],
    ["+netgroup", null],
    ["ADMINS", null],
  ])("%s", (name, users) => {
    expect(usersBehind(machine, name)).toEqual(users);
  });

  it("does not know members without the group file", () => {
    expect(usersBehind(host({ groups: missing("permission denied") }), "%ops")).toBeNull();
  });
});
