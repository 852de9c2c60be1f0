import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hostFiles } from "../filesystem.ts";
import { dataPathAddress } from "./swarm-state.ts";

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), "seaworthy-swarm-"));
  fs.mkdirSync(join(root, "data/swarm"), { recursive: true });
});
afterEach(() => fs.rmSync(root, { recursive: true }));

it("reads the address that the engine keeps", () => {
  fs.writeFileSync(
    join(root, "data/swarm/docker-state.json"),
    '{"LocalAddr":"10.0.0.5","DataPathAddr":"10.1.0.5"}',
  );
  expect(dataPathAddress(hostFiles({ root }), "/data")).toBe("10.1.0.5");
});

it("is empty where there is none, or it is no JSON", () => {
  expect(dataPathAddress(hostFiles({ root }), "/data")).toBe("");
  fs.writeFileSync(join(root, "data/swarm/docker-state.json"), "{");
  expect(dataPathAddress(hostFiles({ root }), "/data")).toBe("");
});
