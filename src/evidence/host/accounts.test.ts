import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { hostFiles } from "../filesystem.ts";
import { testHost, type TestHost } from "../testing.ts";
import { collectAccounts, parseAccounts, parseGroups, parseSubordinates, passwordState } from "./accounts.ts";

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

describe("parseAccounts", () => {
  const passwd = [
    "root:x:0:0:root:/root:/bin/bash",
    "bob:x:1000:1000:Bob,,,:/home/bob:/bin/zsh",
    "gone:x:1001:1001::/home/gone:/bin/sh",
    "old:$1$salt$hash:7:7::/old:",
    "open::8:8::/:/bin/sh",
    "+@netgroup::::::",
    "# comment:x:1:1:::",
    "broken:x:one:1::/:/bin/sh",
    "short",
    "",
  ].join("\n");

  it("joins accounts and the state of their passwords", () => {
    const accounts = parseAccounts(passwd, "root:!:1::\nbob:$y$j9T$abc:1::\n");
    expect(accounts.map(({ name, password }) => [name, password])).toEqual([
      ["root", "locked"],
      ["bob", "set"],
      ["gone", "locked"],
      ["old", "set"],
      ["open", "empty"],
    ]);
    expect(accounts[1]).toEqual({
      name: "bob",
      uid: 1000,
      gid: 1000,
      home: "/home/bob",
      shell: "/bin/zsh",
      password: "set",
    });
  });

  it("does not guess where shadow could not be read", () => {
    expect(parseAccounts(passwd, null).map(({ password }) => password)).toEqual([
      "unknown",
      "unknown",
      "unknown",
      "set",
      "empty",
    ]);
  });

  it("never keeps a hash, and never throws", () => {
    const hash = "$y$j9T$SomeHashThatIsSecret";
    expect(JSON.stringify(parseAccounts(`bob:${hash}:1:1::/:/bin/sh`, `bob:${hash}:1::`))).not.toContain(
      hash,
    );
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => void parseAccounts(a, b)));
  });
});

describe("passwordState", () => {
  it.each([
    ["", "empty"],
    ["!", "locked"],
    ["!!", "locked"],
    ["*", "locked"],
    ["!$6$x$y", "locked"],
    ["$6$x$y", "set"],
  ])("%j is %s", (field, state) => {
    expect(passwordState(field)).toBe(state);
  });
});

describe("parseGroups", () => {
  it("reads members", () => {
    expect(parseGroups("docker:x:105:alice, bob,\nempty:x:9:\nbad:x:y:z\n+:::\n")).toEqual([
      { name: "docker", gid: 105, members: ["alice", "bob"] },
      { name: "empty", gid: 9, members: [] },
    ]);
    fc.assert(fc.property(fc.string(), (text) => void parseGroups(text)));
  });
});

describe("parseSubordinates", () => {
  it("reads ranges by name and by uid", () => {
    expect(parseSubordinates("swmap:231072:65536\n1000:300000:65536\nbad:1\n")).toEqual([
      { owner: "swmap", start: 231072, count: 65536 },
      { owner: "1000", start: 300000, count: 65536 },
    ]);
    fc.assert(fc.property(fc.string(), (text) => void parseSubordinates(text)));
  });
});

describe("collectAccounts", () => {
  it("takes absent files for empty ones", () => {
    host = testHost({ "/etc/passwd": "root:x:0:0::/root:/bin/sh\n" });
    expect(collectAccounts(host.files)).toEqual({
      accounts: {
        ok: true,
        value: [{ name: "root", uid: 0, gid: 0, home: "/root", shell: "/bin/sh", password: "unknown" }],
      },
      groups: { ok: true, value: [] },
      subuids: { ok: true, value: [] },
      subgids: { ok: true, value: [] },
    });
  });

  it("says what could not be read", () => {
    host = testHost({ "/etc/passwd": { folder: true }, "/etc/shadow": { folder: true } });
    expect(collectAccounts(host.files).accounts).toEqual({ ok: false, why: "/etc/passwd: is a folder" });
  });

  it("finds root on this machine", () => {
    const { accounts } = collectAccounts(hostFiles());
    expect(accounts.ok && accounts.value.find(({ uid }) => uid === 0)?.name).toBe("root");
  });
});
