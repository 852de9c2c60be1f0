import { readFileSync, statSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviceNumber } from "../filesystem.ts";
import { below, byDevice, hostPathOf, type MountLine, parseMountinfo } from "./mountinfo.ts";

function line(changes: Partial<MountLine>): MountLine {
  return {
    id: 1,
    parent: 0,
    device: "254:0",
    root: "/",
    target: "/",
    options: ["rw"],
    propagation: [],
    type: "ext4",
    source: "/dev/vda",
    superOptions: ["rw"],
    ...changes,
  };
}

describe("parseMountinfo", () => {
  it("reads every field, with and without optional fields", () => {
    const text = [
      "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=continue",
      "22 27 0:21 / /proc rw,relatime - proc proc rw",
      "",
    ].join("\n");
    expect(parseMountinfo(text)).toEqual([
      {
        id: 36,
        parent: 35,
        device: "98:0",
        root: "/mnt1",
        target: "/mnt2",
        options: ["rw", "noatime"],
        propagation: ["master:1", "shared:7"],
        type: "ext3",
        source: "/dev/root",
        superOptions: ["rw", "errors=continue"],
      },
      {
        id: 22,
        parent: 27,
        device: "0:21",
        root: "/",
        target: "/proc",
        options: ["rw", "relatime"],
        propagation: [],
        type: "proc",
        source: "proc",
        superOptions: ["rw"],
      },
    ]);
  });

  it("undoes the kernel's escapes", () => {
    const [mount] = parseMountinfo(String.raw`1 0 8:1 /a\040b /c\011d\134040 rw - ext4 /dev/disk\040x rw`);
    expect(mount).toMatchObject({ root: "/a b", target: "/c\td\\040", source: "/dev/disk x" });
  });

  it("leaves out lines that do not fit", () => {
    expect(parseMountinfo("nonsense\n1 2 3\n1 2 8:1 / - x\n - \n")).toEqual([]);
  });

  it("finds the running system's root, and agrees with stat about its device", () => {
    const mounts = parseMountinfo(readFileSync("/proc/self/mountinfo", "utf8"));
    const devices = mounts.filter(({ target }) => target === "/").map(({ device }) => device);
    expect(devices).toContain(deviceNumber(statSync("/").dev));
  });

  it("reads back any path", () => {
    const escape = (path: string): string =>
      path.replaceAll(/[ \t\n\\]/g, (sign) => `\\${sign.charCodeAt(0).toString(8).padStart(3, "0")}`);
    fc.assert(
      fc.property(fc.string(), fc.string(), (root, target) => {
        const text = `5 1 0:9 /${escape(root)} /${escape(target)} rw - tmpfs none rw\n`;
        expect(parseMountinfo(text)).toMatchObject([{ root: `/${root}`, target: `/${target}` }]);
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Array.isArray(parseMountinfo(text))).toBe(true);
      }),
    );
  });
});

describe("below", () => {
  it.each([
    ["/a/b", "/a", "/b"],
    ["/a", "/a", ""],
    ["/ab", "/a", null],
    ["/a", "/a/b", null],
    ["/a", "/", "/a"],
    ["/", "/", ""],
  ])("%s below %s is %j", (path, folder, rest) => {
    expect(below(path, folder)).toBe(rest);
  });
});

describe("hostPathOf", () => {
  const named = (mounts: MountLine[], mount: Partial<MountLine>, expected?: string): string | null =>
    hostPathOf(line(mount), byDevice(mounts), expected);

  it("adds what the mount shows below the host's own mount", () => {
    expect(named([line({})], { root: "/etc" })).toBe("/etc");
    expect(named([line({ target: "/data" })], { root: "/x/y" })).toBe("/data/x/y");
    expect(named([line({ target: "/data" })], { root: "/" })).toBe("/data");
    expect(named([line({})], { root: "/" })).toBe("/");
  });

  it("is null where the host does not mount the file system, or only less of it", () => {
    expect(named([line({})], { device: "0:50", root: "/" })).toBeNull();
    expect(named([line({ root: "/sub", target: "/mnt" })], { root: "/other" })).toBeNull();
    expect(named([line({ root: "/sub", target: "/mnt" })], { root: "/subway" })).toBeNull();
  });

  it("prefers the root of the host over a bind mount that shows the same", () => {
    const mounts = [line({ root: "/etc", target: "/e" }), line({})];
    expect(named(mounts, { root: "/etc" })).toBe("/etc");
    expect(named(mounts.toReversed(), { root: "/etc" })).toBe("/etc");
  });

  it("prefers the root of the host although its sub-volume makes it the narrower mount", () => {
    const mounts = [line({ root: "/", target: "/mnt/pool" }), line({ root: "/@", target: "/" })];
    expect(named(mounts, { root: "/@/etc" })).toBe("/etc");
    expect(named(mounts, { root: "/@home/bob" })).toBe("/mnt/pool/@home/bob");
  });

  it("takes the shorter path of two equal mounts", () => {
    const mounts = [line({ target: "/srv/long" }), line({ target: "/srv" })];
    expect(named(mounts, { root: "/x" })).toBe("/srv/x");
  });

  it("takes the path that was expected, where it shows the same files", () => {
    const mounts = [line({}), line({ root: "/var/lib/docker", target: "/mnt/docker" })];
    expect(named(mounts, { root: "/var/lib/docker/x" }, "/mnt/docker/x")).toBe("/mnt/docker/x");
    expect(named(mounts, { root: "/var/lib/docker/x" }, "/elsewhere")).toBe("/var/lib/docker/x");
  });
});
