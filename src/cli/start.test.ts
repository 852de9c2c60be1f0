import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ownCacheFolder } from "./start.ts";

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
