import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { type Entry, testHost, type TestHost } from "../testing.ts";
import { collectPackages, cvesOf, parseApkInstalled, parseDpkgStatus, parseRpm } from "./packages.ts";

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

async function packages(entries: Record<string, Entry>) {
  host = testHost(entries);
  return collectPackages(host.files);
}

const STATUS = `Package: adduser
Status: install ok installed
Version: 3.134
Description: mentions
 Package: runc

Package: containerd
Status: install ok installed
Priority: optional
Version: 1.6.20~ds1-1+deb12u3
Description: daemon

Package: docker.io
Status: install ok installed
Source: docker.io (20.10.24+dfsg1-1+deb12u1)
Version: 20.10.24+dfsg1-1+deb12u1+b6

Package: runc
Status: deinstall ok config-files
Version: 1.1.5

Package: linux-image-6.1.0-40-amd64
Status: hold ok installed
Source: linux-signed-amd64 (6.1.153+1)
Version: 6.1.153-1

Package: linux-image
Status: install ok installed
Version: 1
`;

describe("parseDpkgStatus", () => {
  it("keeps the wanted packages that are installed", () => {
    expect(parseDpkgStatus(STATUS)).toEqual([
      { name: "containerd", version: "1.6.20~ds1-1+deb12u3", source: "containerd", manager: "dpkg" },
      { name: "docker.io", version: "20.10.24+dfsg1-1+deb12u1+b6", source: "docker.io", manager: "dpkg" },
      {
        name: "linux-image-6.1.0-40-amd64",
        version: "6.1.153-1",
        source: "linux-signed-amd64",
        manager: "dpkg",
      },
    ]);
  });

  it("reads a package at the beginning and at the end of the file", () => {
    const stanza = "Package: runc\nStatus: install ok installed\nVersion: 1";
    expect(parseDpkgStatus(stanza)).toHaveLength(1);
    expect(
      parseDpkgStatus(`${stanza}\n\n${stanza.replace("runc", "crun")}\n`).map(({ name }) => name),
    ).toEqual(["runc", "crun"]);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const { name } of parseDpkgStatus(`Package: runc\n${text}\n\n${text}`))
          expect(name).toBe("runc");
      }),
    );
  });
});

describe("parseApkInstalled", () => {
  it("reads name, version and origin", () => {
    const text =
      "C:Q1\nP:musl\nV:1.2\no:musl\n\nC:Q1\nP:docker-cli\nV:2\n\nP:containerd\nV:1.7.2-r0\no:containerd\nF:etc\n\nP:linux-virt\nV:6.6.1-r0\no:linux-lts\n";
    expect(parseApkInstalled(text)).toEqual([
      { name: "containerd", version: "1.7.2-r0", source: "containerd", manager: "apk" },
      { name: "linux-virt", version: "6.6.1-r0", source: "linux-lts", manager: "apk" },
    ]);
    fc.assert(fc.property(fc.string(), (text) => void parseApkInstalled(`P:runc\n${text}`)));
  });
});

describe("parseRpm", () => {
  it("reads records, with the CVE ids of their changelogs", () => {
    const text =
      "package docker-ce is not installed\n" +
      "\x1erunc\t4:1.1.12-1.el9\trunc-1.1.12-1.el9.src.rpm\n- fix CVE-2024-21626\n- and CVE-2023-28642, CVE-2024-21626\npackage crun is not installed\n" +
      "\x1ekernel-core\t5.14.0-427.el9\tkernel-5.14.0-427.el9.src.rpm\n" +
      "\x1estranger\t1\t(none)\n";
    expect(parseRpm(text)).toEqual([
      {
        name: "runc",
        version: "4:1.1.12-1.el9",
        source: "runc",
        manager: "rpm",
        fixedCves: ["CVE-2023-28642", "CVE-2024-21626"],
      },
      { name: "kernel-core", version: "5.14.0-427.el9", source: "kernel", manager: "rpm", fixedCves: [] },
    ]);
    fc.assert(fc.property(fc.string(), (text) => void parseRpm(`\x1erunc\t1\t${text}`)));
  });
});

describe("cvesOf", () => {
  it("finds each id once", () => {
    expect(cvesOf("CVE-2024-41110, (CVE-2019-5736) CVE-2024-41110 CVE-24-1 XCVE-2024-1111")).toEqual([
      "CVE-2019-5736",
      "CVE-2024-41110",
    ]);
  });
});

describe("collectPackages", () => {
  it("reads what the changelogs of the engine's packages say was fixed", async () => {
    const answer = await packages({
      "/var/lib/dpkg/status": STATUS,
      "/usr/share/doc/docker.io/changelog.Debian.gz": gzipSync("docker.io (1)\n  * Fix CVE-2024-41110\n"),
      "/usr/share/doc/containerd/changelog.Debian.gz": "no gzip",
      "/usr/share/doc/linux-image-6.1.0-40-amd64/changelog.Debian.gz": gzipSync("CVE-2024-1086"),
    });
    expect(answer.ok && answer.value.map(({ name, fixedCves }) => [name, fixedCves])).toEqual([
      ["containerd", []],
      ["docker.io", ["CVE-2024-41110"]],
      ["linux-image-6.1.0-40-amd64", []],
    ]);
  });

  it("reads apk's database, old place and new", async () => {
    const database = "P:runc\nV:1.2.6-r0\no:runc\n\n";
    const expected = [{ name: "runc", version: "1.2.6-r0", source: "runc", manager: "apk", fixedCves: [] }];
    expect(await packages({ "/lib/apk/db/installed": database })).toEqual({ ok: true, value: expected });
    host?.remove();
    expect(await packages({ "/usr/lib/apk/db/installed": database })).toEqual({ ok: true, value: expected });
  });

  it("says that there is no database, or that it is closed to us", async () => {
    expect(await packages({})).toEqual({ ok: false, why: "no database of dpkg, apk or rpm was found" });
    host?.remove();
    expect(await packages({ "/var/lib/dpkg/status": { folder: true } })).toEqual({
      ok: false,
      why: "/var/lib/dpkg/status: is a folder",
    });
  });

  it("is not led out of bounds by a changelog that grows without end", async () => {
    const answer = await packages({
      "/var/lib/dpkg/status": STATUS,
      "/usr/share/doc/docker.io/changelog.Debian.gz": gzipSync(Buffer.alloc(32 << 20, "CVE-2024-41110 ")),
    });
    expect(answer.ok && answer.value.find(({ name }) => name === "docker.io")?.fixedCves).toEqual([]);
  });
});
