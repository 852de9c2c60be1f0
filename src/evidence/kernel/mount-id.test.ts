import { describe, expect, it } from "vitest";
import { hostFiles } from "../filesystem.ts";
import { mountIdOf } from "./mount-id.ts";
import { parseMountinfo } from "./mountinfo.ts";

const files = hostFiles();

describe("mountIdOf", () => {
  it("gives the number under which mountinfo lists the mount", () => {
    const table = parseMountinfo(files.read("/proc/self/mountinfo", 16 << 20));
    const proc = table.filter(({ target }) => target === "/proc").map(({ id }) => id);
    expect(proc).toContain(mountIdOf(files, "/proc/version"));
    const own = mountIdOf(files, "/proc/self/cwd");
    expect(table.map(({ id }) => id)).toContain(own);
  });

  it("throws where there is no such file", () => {
    expect(() => mountIdOf(files, "/proc/none")).toThrow(expect.objectContaining({ code: "ENOENT" }));
  });
});
