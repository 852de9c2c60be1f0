import { execFileSync } from "node:child_process";
import { Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hostFiles, type LocalFolder } from "../filesystem.ts";
import { testHost } from "../testing.ts";
import { collectDeviceNodes } from "./devices.ts";

describe("collectDeviceNodes", () => {
  it("lists nodes of the running system, without those that every container has", () => {
    const nodes = collectDeviceNodes(hostFiles(), "/dev");
    expect(nodes.every((node) => /^\/dev\/\S.* [bc] \d+:\d+$/.test(node))).toBe(true);
    expect(nodes.some((node) => /^\/dev\/(?:(?:null|zero|full|random|urandom|tty) |pts\/)/.test(node))).toBe(
      false,
    );
    const kmsg = readdirSync("/dev").includes("kmsg");
    expect(nodes.includes("/dev/kmsg c 1:11")).toBe(kmsg);
  });

  it("looks at a bounded number of entries", () => {
    const files = hostFiles();
    let asked = 0;
    const device = (name: string): Dirent =>
      Object.assign(Object.create(Dirent.prototype), {
        name,
        isDirectory: () => false,
        isBlockDevice: () => false,
        isCharacterDevice: () => true,
      });
    const flooded: LocalFolder = {
      list: () => Array.from({ length: 50_000 }, (_, at) => device(`f${at}`)),
      lstat: () => {
        asked += 1;
        return files.lstat("/etc/passwd"); // exchanged since the listing
      },
      below: () => flooded,
    };
    expect(collectDeviceNodes({ ...files, folder: () => flooded }, "/dev")).toEqual([]);
    expect(asked).toBe(20_000);
  });

  it("goes into folders, not through links, and only to a depth", () => {
    const host = testHost({
      "/dev/a/b/c/d/e/f/file": "",
      "/dev/loop": { link: "." },
      "/dev/away": { link: "/etc" },
      "/dev/plain": "text",
    });
    const isRoot = process.getuid?.() === 0;
    if (isRoot) {
      execFileSync("mknod", [join(host.root, "dev/a/disk"), "b", "8", "16"]);
      execFileSync("mknod", [join(host.root, "dev/null"), "c", "1", "3"]);
      execFileSync("mknod", [join(host.root, "dev/pty"), "c", "136", "4"]);
      execFileSync("mknod", [join(host.root, "dev/a/b/c/d/e/deep"), "c", "10", "1"]);
    }
    expect(collectDeviceNodes(host.files, "/dev")).toEqual(isRoot ? ["/dev/a/disk b 8:16"] : []);
    host.remove();
  });

  it("throws where there is no such folder", () => {
    const host = testHost();
    expect(() => collectDeviceNodes(host.files, "/dev")).toThrow(expect.objectContaining({ code: "ENOENT" }));
    host.remove();
  });
});
