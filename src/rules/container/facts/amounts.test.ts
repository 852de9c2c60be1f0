import { describe, expect, it } from "vitest";
import { bytes, counted, cpus, listed } from "./amounts.ts";

describe("bytes", () => {
  it.each([
    [0, "0 bytes"],
    [1023, "1023 bytes"],
    [67_108_864, "64 MiB"],
    [99_999_744, "95.4 MiB"],
    [268_435_456, "256 MiB"],
    [25_769_803_776, "24 GiB"],
    [2 ** 80, "1073741824 PiB"],
  ])("says %d as %s", (amount, text) => {
    expect(bytes(amount)).toBe(text);
  });
});

describe("cpus", () => {
  it.each([
    [0.5, "half a CPU"],
    [1, "1 CPU"],
    [0.25, "0.25 CPUs"],
    [1.5, "1.5 CPUs"],
    [1 / 3, "0.33 CPUs"],
  ])("says %d as %s", (amount, text) => {
    expect(cpus(amount)).toBe(text);
  });
});

describe("counted and listed", () => {
  it("use the right form of the noun", () => {
    expect(counted(1, "process", "processes")).toBe("1 process");
    expect(counted(0, "process", "processes")).toBe("0 processes");
  });

  it("cut long lists and say how much is left", () => {
    expect(listed(["a", "b"], 2)).toBe("a, b");
    expect(listed(["a", "b", "c", "d"], 2)).toBe("a, b and 2 more");
    expect(listed([])).toBe("");
  });
});
