import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalPath, isWithin, octal, shellWord } from "./files.ts";

describe("paths", () => {
  it.each([
    ["/var/run/docker.sock", "/run/docker.sock"],
    ["/var/runner", "/var/runner"],
    ["/sbin/runc", "/usr/sbin/runc"],
    ["/lib/systemd/system/docker.service", "/usr/lib/systemd/system/docker.service"],
    ["/library", "/library"],
    ["/etc//docker/", "/etc/docker"],
    ["/", "/"],
  ])("%s is %s", (path, canonical) => {
    expect(canonicalPath(path)).toBe(canonical);
  });

  it("have one spelling", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("/", "v", "a", "r", "lib", "run", ".") }), (path) => {
        expect(canonicalPath(canonicalPath(`/${path}`))).toBe(canonicalPath(`/${path}`));
      }),
    );
  });

  it("lie within a folder by whole names", () => {
    expect(isWithin("/etc/docker", "/etc")).toBe(true);
    expect(isWithin("/etc", "/etc")).toBe(true);
    expect(isWithin("/etc2", "/etc")).toBe(false);
    expect(isWithin("/x", "/")).toBe(true);
  });
});

describe("words", () => {
  it("reach a shell as they are", () => {
    const texts = ["plain", "/a b", "it's", "$(reboot)", "`x`", '"', "a\\", "-n", "\n", "*", ";ls", ""];
    for (const text of texts) {
      expect(execFileSync("sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" })).toBe(text);
    }
    expect(shellWord("/etc/docker/daemon.json")).toBe("/etc/docker/daemon.json");
  });

  it("writes modes with four digits", () => {
    expect(octal(0o644)).toBe("0644");
    expect(octal(0o4755)).toBe("4755");
  });
});
