import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CodeCache, ownCacheFolder, readCache, writeCache } from "./code-cache.ts";

let home: string;

beforeEach(() => {
  // A folder below the shared temporary one is not safe, whatever its own mode: the tests need one that is.
  home = fs.mkdtempSync(join(process.cwd(), "node_modules/.start-test-"));
  fs.chmodSync(home, 0o700);
  vi.stubEnv("XDG_CACHE_HOME", join(home, "cache"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  fs.rmSync(home, { recursive: true });
});

describe("the folder of the compile cache", () => {
  it("is made for us alone", () => {
    const folder = ownCacheFolder("1.0.0");
    expect(folder).toBe(join(home, "cache/seaworthy/v8-1.0.0"));
    expect(fs.statSync(folder as string).mode & 0o077).toBe(0);
  });

  it("is refused where others may write it, or what it lies in", () => {
    ownCacheFolder("1.0.0");
    fs.chmodSync(join(home, "cache/seaworthy"), 0o777);
    expect(ownCacheFolder("1.0.0")).toBeNull();
    fs.chmodSync(join(home, "cache/seaworthy"), 0o700);
    fs.chmodSync(join(home, "cache/seaworthy/v8-1.0.0"), 0o775);
    expect(ownCacheFolder("1.0.0")).toBeNull();
  });

  it("is refused where it is a link", () => {
    fs.mkdirSync(join(home, "cache/seaworthy"), { recursive: true, mode: 0o700 });
    fs.mkdirSync(join(home, "elsewhere"), { mode: 0o700 });
    fs.symlinkSync(join(home, "elsewhere"), join(home, "cache/seaworthy/v8-1.0.0"));
    expect(ownCacheFolder("1.0.0")).toBeNull();
  });

  it("is not made in a folder of somebody else: root with a user's HOME leaves nothing there", () => {
    fs.mkdirSync(join(home, "theirs"));
    vi.stubEnv("XDG_CACHE_HOME", join(home, "theirs/cache"));
    vi.spyOn(process, "geteuid").mockReturnValue(4242);
    if (fs.statSync(home).uid === 0) fs.chownSync(join(home, "theirs"), 4343, 4343);
    expect(ownCacheFolder("1.0.0")).toBeNull();
    vi.restoreAllMocks();
    expect(fs.readdirSync(join(home, "theirs"))).toEqual([]);
  });

  it("is not made where the program happens to run: a relative XDG_CACHE_HOME does not count", () => {
    vi.stubEnv("XDG_CACHE_HOME", "relative-cache");
    vi.stubEnv("HOME", home);
    expect(ownCacheFolder("1.0.0")).toBe(join(home, ".cache/seaworthy/v8-1.0.0"));
    expect(fs.existsSync("relative-cache")).toBe(false);
  });

  it("is refused below the shared temporary folder", () => {
    const shared = fs.mkdtempSync(join(tmpdir(), "seaworthy-start-"));
    vi.stubEnv("XDG_CACHE_HOME", shared);
    const { mode } = fs.statSync(tmpdir());
    expect((mode & 0o022) !== 0 ? ownCacheFolder("1.0.0") : null).toBeNull();
    fs.rmSync(shared, { recursive: true });
  });

  it("is refused where no folder can be made", () => {
    vi.stubEnv("XDG_CACHE_HOME", "/proc/none");
    expect(ownCacheFolder("1.0.0")).toBeNull();
  });
});

describe("the file of the compile cache", () => {
  const parts: CodeCache = new Map([
    ["main.js", Buffer.from("code")],
    ["parts/a.js", Buffer.alloc(100_000, "x")],
    ["parts/empty.js", Buffer.alloc(0)],
  ]);
  const write = (): string => {
    const path = join(home, "check.bin");
    writeCache(path, "key", parts);
    return path;
  };
  const nothing = { parts: new Map(), stale: true };

  it("gives back what was written, to the same program only", () => {
    const path = write();
    expect(readCache(path, "key")).toEqual({ parts, stale: false });
    expect(readCache(path, "another build")).toEqual(nothing);
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(home)).toEqual(["check.bin"]);
  });

  it("is to be renewed after a day", () => {
    const path = write();
    const then = Date.now() / 1000 - 25 * 3600;
    fs.utimesSync(path, then, then);
    expect(readCache(path, "key")).toEqual({ parts, stale: true });
  });

  it("is not read where others may write it, or where it is a link or no file", () => {
    const path = write();
    fs.chmodSync(path, 0o620);
    expect(readCache(path, "key")).toEqual(nothing);
    fs.chmodSync(path, 0o600);
    vi.spyOn(process, "geteuid").mockReturnValue(4242);
    if (fs.statSync(path).uid === 0) fs.chownSync(path, 4343, 4343);
    expect(readCache(path, "key")).toEqual(nothing);
    vi.restoreAllMocks();
    if (process.geteuid?.() === 0) fs.chownSync(path, 0, 0);
    fs.symlinkSync(path, join(home, "link.bin"));
    expect(readCache(join(home, "link.bin"), "key")).toEqual(nothing);
    expect(readCache(home, "key")).toEqual(nothing);
    expect(readCache(join(home, "none.bin"), "key")).toEqual(nothing);
  });

  it("is not read where it was cut short, wherever", () => {
    const path = write();
    const whole = fs.readFileSync(path);
    for (const length of [0, 3, 10, 60, 200, whole.length - 1]) {
      fs.writeFileSync(path, whole.subarray(0, length));
      expect(readCache(path, "key")).toEqual(nothing);
    }
  });

  it("is left away where it cannot be written", () => {
    writeCache("/proc/none.bin", "key", parts);
    writeCache(join(home, "none/check.bin"), "key", parts);
    expect(fs.readdirSync(home)).toEqual([]);
  });
});
