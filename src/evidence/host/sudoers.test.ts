import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { testHost, type TestHost } from "../testing.ts";
import { collectSudoers, grantingLines, sudoersLines } from "./sudoers.ts";

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

describe("sudoersLines", () => {
  it("joins continued lines, and leaves comments out", () => {
    const text = [
      "# comment",
      "bob   ALL=(ALL) \\",
      "  /bin/ls, \\",
      "  /usr/bin/docker # why not",
      "#1000 ALL = ALL",
      "#includedir /etc/sudoers.d",
      "alice ALL=/bin/echo \\# ",
      "",
    ].join("\n");
    expect(sudoersLines(text)).toEqual([
      "bob ALL=(ALL) /bin/ls, /usr/bin/docker",
      "#1000 ALL = ALL",
      "#includedir /etc/sudoers.d",
      "alice ALL=/bin/echo \\#",
    ]);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const lines = sudoersLines(text);
        expect(lines).toEqual(expect.arrayContaining(grantingLines(lines)));
      }),
    );
  });
});

describe("grantingLines", () => {
  it.each([
    "bob ALL=(ALL:ALL) ALL",
    "%admin ALL=(ALL) NOPASSWD:ALL",
    "bob ALL = NOPASSWD: ALL, !/bin/su",
    "bob ALL=(root) /usr/bin/docker",
    "bob ALL=/usr/bin/docker ps, /bin/ls",
    "bob host1 = /bin/ls, /usr/local/bin/podman *",
    "#1000 ALL=/usr/bin/nerdctl",
  ])("keeps %j", (line) => {
    expect(grantingLines([line])).toEqual([line]);
  });

  it.each([
    "bob ALL=(ALL) /bin/ls",
    "bob ALL=(root, ALL) /bin/ls",
    "bob ALL=/usr/bin/docker-credential-pass",
    "Defaults env_reset",
    "Defaults:bob !authenticate",
    "Cmnd_Alias D = /usr/bin/docker",
    "nonsense",
    "",
  ])("leaves %j out", (line) => {
    expect(grantingLines([line])).toEqual([]);
  });

  it("follows aliases of commands, in whatever order and to whatever depth", () => {
    const lines = [
      "bob ALL = ENGINES",
      "carol ALL = HARMLESS, A",
      "Cmnd_Alias ENGINES = CLIENTS, /bin/ls : CLIENTS = /usr/bin/docker",
      "Cmnd_Alias HARMLESS = /bin/ls",
      "Cmnd_Alias A = B",
      "Cmnd_Alias B = A",
    ];
    expect(grantingLines(lines)).toEqual(["bob ALL = ENGINES"]);
  });

  it("ends on aliases that name each other many times", () => {
    const names = Array.from({ length: 40 }, (_, at) => `N${at}`);
    const lines = names.map((name) => `Cmnd_Alias ${name} = ${names.join(", ")}`);
    expect(grantingLines([...lines, "bob ALL = N0"])).toEqual([]);
  });

  it("keeps the definitions of users", () => {
    expect(grantingLines(["User_Alias OPS = bob, carol", "OPS ALL=(ALL) ALL"])).toHaveLength(2);
  });
});

describe("collectSudoers", () => {
  it("reads what is included, without backups", () => {
    host = testHost({
      "/etc/sudoers":
        "root ALL=(ALL:ALL) ALL\n@include sudoers.local\n#includedir /etc/sudoers.d\n@include /etc/sudoers\n",
      "/etc/sudoers.local": "carol ALL=/usr/bin/docker\n",
      "/etc/sudoers.d/20-b": "bob ALL=ALL\n",
      "/etc/sudoers.d/10-a": "alice ALL=ALL\n",
      "/etc/sudoers.d/old.dpkg-old": "mallory ALL=ALL\n",
      "/etc/sudoers.d/backup~": "mallory ALL=ALL\n",
    });
    expect(collectSudoers(host.files)).toEqual({
      ok: true,
      value: ["root ALL=(ALL:ALL) ALL", "carol ALL=/usr/bin/docker", "alice ALL=ALL", "bob ALL=ALL"],
    });
  });

  it("lets nobody in where there is no sudo", () => {
    host = testHost();
    expect(collectSudoers(host.files)).toEqual({ ok: true, value: [] });
  });

  it("is missing where a part could not be read", () => {
    host = testHost({ "/etc/sudoers": "@includedir /etc/sudoers.d\n", "/etc/sudoers.d/x": { folder: true } });
    expect(collectSudoers(host.files)).toEqual({ ok: false, why: "/etc/sudoers.d/x: is a folder" });
  });
});
