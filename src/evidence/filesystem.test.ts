import * as fs from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  attempt,
  attemptOptional,
  deviceNumber,
  fileStat,
  hostFiles,
  reasonOf,
  targetStat,
} from "./filesystem.ts";
import { testHost, type TestHost } from "./testing.ts";

let host: TestHost;
beforeEach(() => {
  host = testHost();
});
afterEach(() => host.remove());

describe("hostFiles on this machine", () => {
  it("reads files of /proc, whose size is 0", () => {
    expect(hostFiles().read("/proc/self/status")).toMatch(new RegExp(`^Pid:\\s+${process.pid}$`, "m"));
  });

  it("reads text and bytes alike, also when the file is larger than the buffer", () => {
    const text = "äöü€\n".repeat(60_000);
    const path = join(host.root, "large");
    fs.writeFileSync(path, text);
    expect(hostFiles().read(path) === text).toBe(true);
    expect(hostFiles().readBytes(path).equals(Buffer.from(text))).toBe(true);
  });

  it("gives bytes that a later read does not change", () => {
    fs.writeFileSync(join(host.root, "a"), "first");
    fs.writeFileSync(join(host.root, "b"), "other");
    const first = hostFiles().readBytes(join(host.root, "a"));
    hostFiles().readBytes(join(host.root, "b"));
    expect(first.toString()).toBe("first");
  });

  it("refuses a file above the limit, and devices that never end", () => {
    const path = join(host.root, "x");
    fs.writeFileSync(path, "12345");
    expect(hostFiles().read(path, 5)).toBe("12345");
    expect(() => hostFiles().read(path, 4)).toThrow(expect.objectContaining({ code: "EFBIG" }));
    expect(() => hostFiles().read("/dev/zero", 1000)).toThrow(expect.objectContaining({ code: "EFBIG" }));
  });

  it("reads a long list of the kernel to its end without looking for more than one line after it", () => {
    for (const path of ["/proc/kallsyms", "/proc/filesystems"]) {
      const whole = hostFiles().read(path, 64 << 20);
      expect(hostFiles().read(path, 64 << 20, 1024) === whole).toBe(true);
    }
    expect(() => hostFiles().read("/proc/kallsyms", 10_000, 1024)).toThrow(
      expect.objectContaining({ code: "EFBIG" }),
    );
  });

  it("says of short files of the kernel what it says of all others", () => {
    expect(hostFiles().read("/proc/1/limits")).toBe(fs.readFileSync("/proc/1/limits", "utf8"));
    expect(() => hostFiles().read("/proc/4194305/status")).toThrow(
      expect.objectContaining({ code: "ENOENT" }),
    );
  });

  it("does not wait for a writer of a fifo", () => {
    const path = join(host.root, "fifo");
    execFileSync("mkfifo", [path]);
    expect(hostFiles().read(path)).toBe("");
  });

  it("resolves links with realpath", () => {
    fs.writeFileSync(join(host.root, "file"), "");
    fs.symlinkSync("file", join(host.root, "link"));
    expect(hostFiles().realpath(join(host.root, "link"))).toBe(fs.realpathSync(join(host.root, "file")));
  });
});

describe("hostFiles under another root", () => {
  it("keeps absolute links within the root", () => {
    host.write({ "/run/secret": "of the host", "/var/run": { link: "/run" } });
    expect(host.files.read("/var/run/secret")).toBe("of the host");
    expect(host.files.realpath("/var/run/secret")).toBe("/run/secret");
    expect(host.files.local("/var/run/secret")).toBe(join(host.root, "run/secret"));
  });

  it("does not climb out of the root", () => {
    host.write({ "/up": { link: "../../../../../../../../etc" }, "/etc/hostname": "inner" });
    expect(host.files.read("/up/hostname")).toBe("inner");
    expect(host.files.read("/../../../etc/hostname")).toBe("inner");
  });

  it("follows the last link for stat and read, not for lstat and readlink", () => {
    host.write({ "/file": "text", "/link": { link: "/file" } });
    expect(host.files.read("/link")).toBe("text");
    expect(host.files.stat("/link").isFile()).toBe(true);
    expect(host.files.lstat("/link").isSymbolicLink()).toBe(true);
    expect(host.files.readlink("/link")).toBe("/file");
  });

  it("gives up on links that lead to each other", () => {
    host.write({ "/a": { link: "/b" }, "/b": { link: "/a" } });
    expect(() => host.files.read("/a")).toThrow(expect.objectContaining({ code: "ELOOP" }));
  });

  it("has no real path for what does not exist", () => {
    expect(() => host.files.realpath("/nowhere/at/all")).toThrow(expect.objectContaining({ code: "ENOENT" }));
  });

  it("reads /proc, /sys and /etc from the places that were named", () => {
    host.write({ "/p/stat": "proc", "/s/x": "sys", "/e/hostname": "etc" });
    const { root } = host;
    const files = hostFiles({ proc: `${root}/p`, sys: `${root}/s`, etc: `${root}/e` });
    expect([files.read("/proc/stat"), files.read("/sys/x"), files.read("/etc/hostname")]).toEqual([
      "proc",
      "sys",
      "etc",
    ]);
    expect(files.list("/etc")).toEqual(["hostname"]);
    expect(files.local("/etcetera")).toBe("/etcetera");
  });

  it("never leaves the root, whatever the links say", () => {
    const part = fc.constantFrom("..", ".", "a", "b", "link", "");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.array(part, { maxLength: 8 }), (link, path) => {
        const target = `/${link.join("/")}`;
        fs.rmSync(join(host.root, "link"), { force: true });
        fs.symlinkSync(target, join(host.root, "link"));
        const local = attempt("path", () => host.files.local(`/${path.join("/")}`));
        expect(local.ok ? `${local.value}/` : `${host.root}/`).toContain(`${host.root}/`);
        expect(local.ok && local.value.includes("..")).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the root of another process", () => {
  it("keeps absolute links in it", () => {
    host.write({
      "/run/docker.sock": "of the host",
      "/proc/7/root/run/docker.sock": "of the process",
      "/proc/7/root/var/run": { link: "/run" },
    });
    expect(host.files.read("/proc/7/root/var/run/docker.sock")).toBe("of the process");
    expect(host.files.realpath("/proc/7/root/var/run/docker.sock")).toBe("/proc/7/root/run/docker.sock");
  });

  it("keeps links through its own /proc in it", () => {
    host.write({
      "/proc/7/root/proc/1/root": { link: "/" },
      "/proc/7/root/etc/x": { link: "/proc/1/root/etc/passwd" },
      "/proc/7/root/etc/passwd": "inner",
      "/etc/passwd": "outer",
    });
    expect(host.files.read("/proc/7/root/etc/x")).toBe("inner");
  });

  it("is entered on the running system, too", () => {
    const inner = join(host.root, "link");
    fs.symlinkSync("/etc/hostname", inner);
    const path = `/proc/self/root${inner}`;
    expect(hostFiles().realpath(path)).toBe("/proc/self/root/etc/hostname");
    expect(hostFiles().lstat(path).isSymbolicLink()).toBe(true);
  });
});

describe("attempt", () => {
  it("says in words what failed", () => {
    expect(attempt("/no/file", () => fs.readFileSync("/no/file"))).toEqual({
      ok: false,
      why: "/no/file: does not exist",
    });
    expect(attempt("x", () => 3)).toEqual({ ok: true, value: 3 });
  });

  it("takes what does not exist for null where that is an answer", () => {
    expect(attemptOptional("x", () => fs.readFileSync("/no/file"))).toEqual({ ok: true, value: null });
    expect(attemptOptional("x", () => fs.readFileSync("/etc/hostname/x"))).toEqual({ ok: true, value: null });
    expect(attemptOptional("/etc", () => fs.readFileSync("/etc"))).toEqual({
      ok: false,
      why: "/etc: is a folder",
    });
  });

  it("knows the common reasons", () => {
    expect(reasonOf(Object.assign(new Error("EACCES: x"), { code: "EACCES" }))).toBe("permission denied");
    expect(reasonOf(Object.assign(new Error("odd"), { code: "EODD" }))).toBe("odd");
    expect(reasonOf("text")).toBe("text");
  });
});

describe("fileStat", () => {
  it("describes type, owner, mode bits and device", () => {
    const path = join(host.root, "file");
    fs.writeFileSync(path, "");
    fs.chmodSync(path, 0o4602);
    const real = fs.statSync(path);
    const [major, minor] = execFileSync("stat", ["-c", "%Hd:%Ld", path], { encoding: "utf8" })
      .trim()
      .split(":");
    expect(fileStat(host.files, "/file")).toEqual({
      path: "/file",
      type: "file",
      uid: real.uid,
      gid: real.gid,
      mode: 0o4602,
      mtimeMs: Math.round(real.mtimeMs),
      device: `${major}:${minor}`,
    });
  });

  it("names every type", () => {
    host.write({ "/folder": { folder: true }, "/link": { link: "/folder" } });
    execFileSync("mkfifo", [join(host.root, "fifo")]);
    expect(["/folder", "/link", "/fifo"].map((path) => fileStat(host.files, path).type)).toEqual([
      "directory",
      "link",
      "fifo",
    ]);
    expect(fileStat(hostFiles(), "/dev/null").type).toBe("char");
  });

  it("describes what a link leads to, by its real path", () => {
    host.write({ "/data/daemon.json": "{}", "/etc/docker": { link: "/data" } });
    expect(targetStat(host.files, "/etc/docker/daemon.json")).toMatchObject({
      path: "/data/daemon.json",
      type: "file",
    });
    expect(targetStat(host.files, "/etc/docker")).toMatchObject({ path: "/data", type: "directory" });
  });
});

describe("deviceNumber", () => {
  it("takes the kernel's encoding apart", () => {
    expect(deviceNumber(65024)).toBe("254:0");
    expect(deviceNumber(0x10300)).toBe("259:0");
    expect(deviceNumber(0x0010_0805)).toBe("8:261");
  });

  it("reverses makedev for every 12-bit major and 20-bit minor", () => {
    fc.assert(
      fc.property(fc.nat(0xfff), fc.nat(0xfffff), (major, minor) => {
        const encoded = (minor & 0xff) + major * 256 + Math.floor(minor / 256) * 2 ** 20;
        expect(deviceNumber(encoded)).toBe(`${major}:${minor}`);
      }),
    );
  });
});
