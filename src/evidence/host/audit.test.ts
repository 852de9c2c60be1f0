import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { testHost, type TestHost } from "../testing.ts";
import { auditdRuns, collectAudit, collectAuditFiles, parseAuditRules } from "./audit.ts";

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

function watches(text: string, folders: string[] = []): [string, boolean, string][] {
  return parseAuditRules(text, "kernel", (path) => folders.includes(path)).map(
    ({ path, recursive, permissions }) => [path, recursive, permissions],
  );
}

describe("parseAuditRules", () => {
  it.each([
    ["-w /usr/bin/dockerd -p wa -k docker", ["/usr/bin/dockerd", false, "wa"]],
    ["-w /etc/docker -p wa", ["/etc/docker", true, "wa"]],
    ["-w /etc/docker/ -p xwar -k d", ["/etc/docker", true, "rwxa"]],
    ["-w /etc/docker", ["/etc/docker", true, "rwxa"]],
    ["  -a always,exit -F path=/usr/bin/runc -F perm=wa -F key=docker", ["/usr/bin/runc", false, "wa"]],
    ["-a exit,always -F dir=/var/lib/docker -F perm=wa -k docker", ["/var/lib/docker", true, "wa"]],
    ["-a always,exit -S all -F path=/etc/docker -F perm=rwxa", ["/etc/docker", false, "rwxa"]],
    [
      "-a always,exit -F arch=b64 -F path=/usr/bin/runc -F perm=x -F auid>=1000 -F auid!=-1",
      ["/usr/bin/runc", false, "x"],
    ],
    ["-A always,exit -F dir=/etc", ["/etc", true, "rwxa"]],
  ] as const)("reads %s", (line, watch) => {
    expect(watches(line, ["/etc/docker"])).toEqual([watch]);
  });

  it.each([
    "No rules",
    "# -w /etc/docker -p wa",
    "-D",
    "-W /etc/docker -p wa",
    "-e 2",
    "-b 8192",
    "-a never,exit -F dir=/var/lib/docker/overlay2",
    "-a always,task -F path=/x",
    "-d always,exit -F path=/x",
    "-a always,exit -S mount -F path=/etc/docker",
    "-a always,exit -F path=/usr/bin/runc -F perm=x -F exe=/bin/bash",
    "-a always,exit -F path=/usr/bin/runc -F success=0",
    "-a always,exit -F path!=/usr/bin/runc -F perm=x",
    "-a always,exit -F arch=b64 -S mount",
    "-w relative -p wa",
    "-w",
    "",
  ])("takes %j for no watch", (line) => {
    expect(watches(line)).toEqual([]);
  });

  it("reads back every watch", () => {
    const path = fc.stringMatching(/^\/[a-z/.-]{0,20}[a-z]$/);
    const letters = fc.subarray(["r", "w", "x", "a"], { minLength: 1 });
    fc.assert(
      fc.property(path, letters, fc.boolean(), (path, letters, asFilter) => {
        const perm = letters.join("");
        const line = asFilter
          ? `-a always,exit -F dir=${path} -F perm=${perm}`
          : `-w ${path} -p ${perm} -k x`;
        expect(watches(line)).toEqual([[path, asFilter, perm]]);
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const [path] of watches(`-w ${text}\n-a always,exit -F ${text}\n${text}`))
          expect(path[0]).toBe("/");
      }),
    );
  });
});

describe("collectAuditFiles", () => {
  it("reads audit.rules and rules.d, and says where each rule stands", () => {
    host = testHost({
      "/etc/docker": { folder: true },
      "/etc/audit/audit.rules": "-D\n-w /etc/docker -p wa\n",
      "/etc/audit/rules.d/docker.rules": "-w /usr/bin/dockerd -p wa\n",
      "/etc/audit/rules.d/notes.txt": "-w /x -p wa\n",
    });
    expect(collectAuditFiles(host.files)).toEqual({
      ok: true,
      value: [
        { path: "/etc/docker", recursive: true, permissions: "wa", source: "/etc/audit/audit.rules" },
        {
          path: "/usr/bin/dockerd",
          recursive: false,
          permissions: "wa",
          source: "/etc/audit/rules.d/docker.rules",
        },
      ],
    });
  });

  it("finds no rules where audit is not installed, and is missing where they are closed to us", () => {
    host = testHost();
    expect(collectAuditFiles(host.files)).toEqual({ ok: true, value: [] });
    host.write({ "/etc/audit/audit.rules": { folder: true } });
    expect(collectAuditFiles(host.files)).toEqual({ ok: false, why: "/etc/audit/audit.rules: is a folder" });
  });
});

describe("collectAudit", () => {
  it("puts the three answers side by side", () => {
    host = testHost({ "/etc/docker": { folder: true } });
    expect(collectAudit(host.files, got("-w /etc/docker -p wa -k d\n"), got(true))).toEqual({
      running: { ok: true, value: true },
      loaded: {
        ok: true,
        value: [{ path: "/etc/docker", recursive: true, permissions: "wa", source: "kernel" }],
      },
      files: { ok: true, value: [] },
    });
    const why = missing("auditctl is not installed");
    expect(collectAudit(host.files, why, got(false)).loaded).toBe(why);
  });
});

describe("auditdRuns", () => {
  it("says no only where the host's processes can be seen", () => {
    expect(auditdRuns(["auditd", "sshd"], false)).toEqual({ ok: true, value: true });
    expect(auditdRuns(["sshd"], true)).toEqual({ ok: true, value: false });
    expect(auditdRuns([], false)).toMatchObject({ ok: false });
  });
});
