import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { mayLive, thisOwner } from "./owner.ts";

describe("mayLive", () => {
  it("knows this process, and one that has ended", async () => {
    expect(mayLive(thisOwner())).toBe(true);
    const child = spawn("true");
    const { pid } = child;
    await once(child, "exit");
    expect(mayLive(`${hostname()}:${pid}:1`)).toBe(false);
  });

  it("does not take another process with the same id for the owner", () => {
    expect(mayLive(`${hostname()}:${process.pid}:1`)).toBe(false);
  });

  it("leaves alone what belongs to another host", () => {
    expect(mayLive("elsewhere.example:1:1")).toBe(true);
  });
});
