import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareReleases, sameFlavour } from "./kernel-release.ts";

describe("kernel releases", () => {
  it.each([
    ["6.1.0-9-amd64", "6.1.0-10-amd64"],
    ["5.15.0-91-generic", "5.15.0-101-generic"],
    ["5.14.0-427.el9_4.x86_64", "5.14.0-427.13.1.el9_4.x86_64"],
    ["5.14.0-362.24.1.el9_3.x86_64", "5.14.0-427.el9_4.x86_64"],
    ["6.10.0-rc3", "6.10.0"],
    ["6.10.0-rc9", "6.10.0-rc10"],
    ["6.9.1-arch1-1", "6.9.1-arch1-2"],
    ["6.9.9", "6.9.10"],
    ["6.6.31-0-lts", "6.6.32-0-lts"],
    ["6.9.7-200.fc40.x86_64", "6.9.8-100.fc40.x86_64"],
    ["4.19.0", "5.0.0"],
  ])("%s is older than %s", (older, newer) => {
    expect(compareReleases(older, newer)).toBeLessThan(0);
    expect(compareReleases(newer, older)).toBeGreaterThan(0);
    expect(sameFlavour(older, newer)).toBe(true);
  });

  it.each([
    ["6.1.0-40-amd64", "6.1.0-40-cloud-amd64"],
    ["6.1.0-40-amd64", "6.1.0-40-rt-amd64"],
    ["6.8.0-40-generic", "6.8.0-40-lowlatency"],
    ["6.18.44-fc-v657", "6.1.0-40-amd64"],
    ["6.6.1-0-lts", "6.6.1-0-virt"],
  ])("%s and %s are not of one kind", (a, b) => {
    expect(sameFlavour(a, b)).toBe(false);
  });

  it("orders whatever text there is", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(compareReleases(a, a)).toBe(0);
        expect(Math.sign(compareReleases(a, b)) + Math.sign(compareReleases(b, a))).toBe(0);
      }),
    );
  });
});
