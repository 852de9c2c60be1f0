import { linkSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { hostFiles } from "../filesystem.ts";
import { testHost, type TestHost } from "../testing.ts";
import { collectNetns } from "./netns.ts";

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

describe("collectNetns", () => {
  it("lists what is kept by name, with the inode of the namespace", () => {
    // One file system and one inode, as the bind mount of a namespace has them.
    host = testHost({ "/proc/self/ns/net": "the namespace", "/run/docker/netns": { folder: true } });
    linkSync(join(host.root, "proc/self/ns/net"), join(host.root, "run/docker/netns/0fe9"));
    const { ino } = statSync(join(host.root, "proc/self/ns/net"));
    expect(collectNetns(host.files)).toEqual({
      ok: true,
      value: [{ path: "/run/docker/netns/0fe9", inode: ino }],
    });
  });

  it("takes plain files and dangling links for nothing", () => {
    host = testHost({
      "/proc/self/ns/net": { link: "/proc/self/ns/net" }, // the real one, on the file system of namespaces
      "/run/netns/left-over": "",
      "/run/netns/gone": { link: "/nowhere" },
    });
    expect(collectNetns(host.files)).toEqual({ ok: true, value: [] });
  });

  it("says that the folder is closed to us, and that there is none", () => {
    host = testHost({ "/run/netns": "no folder" });
    expect(collectNetns(host.files)).toEqual({ ok: true, value: [] });
    const files = { ...host.files, list: () => denied() };
    expect(collectNetns(files)).toEqual({ ok: false, why: "/run/netns: permission denied" });
  });

  it("names real namespaces only", () => {
    const answer = collectNetns(hostFiles());
    for (const { path, inode } of answer.ok ? answer.value : []) expect(statSync(path).ino).toBe(inode);
  });
});

function denied(): never {
  throw Object.assign(new Error("EACCES"), { code: "EACCES" });
}
