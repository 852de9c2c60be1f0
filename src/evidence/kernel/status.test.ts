import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { statusText } from "../testing.ts";
import { parseStatus } from "./status.ts";

describe("parseStatus", () => {
  it("reads what the running kernel writes", () => {
    const status = parseStatus(readFileSync("/proc/self/status", "utf8"));
    expect(status).toMatchObject({
      parent: process.ppid,
      uids: expect.arrayContaining([process.getuid?.(), process.geteuid?.()]),
      gids: expect.arrayContaining([process.getgid?.()]),
    });
    expect(process.getgroups?.()).toEqual(expect.arrayContaining(status?.groups ?? [-1]));
    expect(status?.capabilities.bounding).toMatch(/^[0-9a-f]{16}$/);
  });

  it("gives the number of the process where another thread than its first was read", () => {
    const text = statusText(53, "x", 7).replace("NSpid:\t53", "NStgid:\t50\t1\nNSpid:\t53\t4");
    expect(parseStatus(text)?.innerPid).toBe(1);
  });

  it("reads every field", () => {
    const text = statusText(4242, "my: odd name", 7)
      .replace("Uid:\t0\t0\t0\t0", "Uid:\t1000\t0\t1001\t1002")
      .replace("Groups:\t", "Groups:\t4 27 1000 ")
      .replace("NSpid:\t4242", "NSpid:\t4242\t31\t1")
      .replace("NoNewPrivs:\t0", "NoNewPrivs:\t1")
      .replace("Seccomp:\t0", "Seccomp:\t2")
      .replace("Seccomp_filters:\t0", "Seccomp_filters:\t3");
    expect(parseStatus(text)).toEqual({
      name: "my: odd name",
      parent: 7,
      innerPid: 1,
      uids: [1000, 0, 1001, 1002],
      gids: [0, 0, 0, 0],
      groups: [4, 27, 1000],
      capabilities: {
        inheritable: "0000000000000000",
        permitted: "000001ffffffffff",
        effective: "000001ffffffffff",
        bounding: "000001ffffffffff",
        ambient: "0000000000000000",
      },
      noNewPrivs: true,
      seccomp: 2,
      seccompFilters: 3,
    });
  });

  it("says null for what an old kernel does not print", () => {
    const text = statusText(1, "init", 0)
      .split("\n")
      .filter((line) => !/^(?:NoNewPrivs|Seccomp|NSpid)/.test(line))
      .join("\n");
    expect(parseStatus(text)).toMatchObject({
      noNewPrivs: null,
      seccomp: null,
      seccompFilters: null,
      innerPid: 1,
    });
  });

  it("refuses text that was cut short", () => {
    const text = statusText(1, "init", 0);
    expect(parseStatus(text.slice(0, text.indexOf("CapBnd")))).toBeNull();
    expect(parseStatus(text.replace("Uid:\t0\t0\t0\t0", "Uid:\t0\t0"))).toBeNull();
    expect(parseStatus("")).toBeNull();
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(500), (text, at) => {
        const whole = statusText(1, "init", 0);
        const status = parseStatus(whole.slice(0, at) + text + whole.slice(at));
        expect(status === null || status.uids.every(Number.isInteger)).toBe(true);
      }),
    );
  });
});
