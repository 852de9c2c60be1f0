import { createHash } from "node:crypto";
import { object, text } from "#evidence/json.ts";
import type { Isolation } from "#barriers/model.ts";
import type { Control } from "./controls.ts";
import type { Held, Workbench } from "./measure.ts";
import type { ProbeResult } from "./probes.ts";
import { tighten, type Tried } from "./tighten.ts";
import { differs, observe, type Observation, type Oracle, workloadBody } from "./workload.ts";

/** One side of a proof: how the target is held, and what probes said. */
export interface Side {
  isolation: Isolation;
  results: ProbeResult[];
}

/** What came of a proof. */
export interface Proof {
  target: { name: string; image: string; imageId: string };
  engine: { version: string; runc: string; kernel: string; cgroup: string };
  before: Side;
  /** null if the workload does not work by itself, so that nothing could be compared. */
  after: Side | null;
  baseline: Observation;
  kept: Control[];
  tried: Tried[];
  runs: number;
  /** The body of the create call that was proved. */
  hardened: Record<string, unknown> | null;
  /** Why it is not proven, in words; null if it is. */
  notProven: string | null;
  seconds: number;
  /** Hash over the measured outputs of both sides. */
  digest: string;
}

/** What a proof needs to know. */
export interface ProveOptions {
  /** Answer of `GET /containers/ID/json`. */
  target: Record<string, unknown>;
  oracle: Oracle;
  look: (containerId: string) => Promise<Held>;
  tell: (doing: string) => void;
  /** Only measure; change nothing. */
  measureOnly: boolean;
}

/**
 * Measures a container as it is, finds the tightest settings with which its workload still works, and measures
 * again. Everything happens in clones; the container itself is only looked at.
 */
export async function prove(bench: Workbench, options: ProveOptions): Promise<Proof> {
  const started = performance.now();
  const { target, oracle, look, tell, measureOnly } = options;
  const { api, objects, volume } = bench;
  const engine = await describeEngine(bench);
  tell("trying every technique as it is");
  const before = await bench.measure(target, look);
  const network = await objects.createNetwork("network");
  const body = workloadBody(target, { network, volume });
  const run = (candidate: Record<string, unknown>, role: string): Promise<Observation> =>
    observe(api, objects, candidate, { role, oracle });
  tell("running the workload as it is");
  const baseline = await run(body, "baseline");
  const proof: Proof = {
    target: {
      name: text(target["Name"]).replace(/^\//, ""),
      image: text(object(target["Config"])["Image"]),
      imageId: text(target["Image"]),
    },
    engine,
    before,
    after: null,
    baseline,
    kept: [],
    tried: [],
    runs: 1,
    hardened: null,
    notProven: measureOnly
      ? "only measured, as asked"
      : unusable(baseline, await run(body, "baseline-again")),
    seconds: 0,
    digest: "",
  };
  if (proof.notProven === null) {
    const tightened = await tighten(body, baseline, run, tell);
    proof.kept = tightened.kept;
    proof.tried = tightened.tried;
    proof.runs += tightened.runs + 1;
    proof.hardened = tightened.body;
    tell("running the workload as it would be");
    const last = differs(baseline, await run(tightened.body, "final"));
    if (last !== null) proof.notProven = `the workload does not work with all of it together: ${last}`;
    tell("trying every technique again");
    // Held as the hardened workload is, but with the mounts that the target has.
    const held = { ...target, Config: { ...object(target["Config"]), User: tightened.body["User"] } };
    proof.after = await bench.measure({ ...held, HostConfig: merged(target, tightened.body) }, look);
  }
  proof.seconds = (performance.now() - started) / 1000;
  proof.digest = digest(proof);
  return proof;
}

/** The target's own mounts, network and ports, with the settings that were found. */
function merged(target: Record<string, unknown>, body: Record<string, unknown>): Record<string, unknown> {
  const own = object(target["HostConfig"]);
  const found = object(body["HostConfig"]);
  const { Binds, Mounts, VolumesFrom, PortBindings, NetworkMode } = own;
  const network = found["NetworkMode"] === "none" ? "none" : NetworkMode;
  return { ...found, Binds, Mounts, VolumesFrom, PortBindings, NetworkMode: network };
}

function unusable(first: Observation, second: Observation): string | null {
  if (first.refused !== null) return `the engine does not start a copy of it: ${first.refused}`;
  if (first.health === "unhealthy") return "its health check fails as it is";
  if (first.exitCode !== null && first.exitCode !== 0) {
    const last = first.log.trim().split("\n").at(-1) ?? "";
    return `a copy of it ends with ${first.exitCode} as it is: ${last.slice(0, 200)}`;
  }
  const changes = differs(first, second);
  return changes === null ? null : `it does not do the same twice: ${changes}`;
}

async function describeEngine({ api }: Workbench): Promise<Proof["engine"]> {
  const info = object(await api.call("GET", "/info"));
  return {
    version: text(info["ServerVersion"]),
    runc: text(object(info["RuncCommit"])["ID"]),
    kernel: text(info["KernelVersion"]),
    cgroup: text(info["CgroupVersion"]),
  };
}

function digest({ target, before, after }: Proof): string {
  const outputs = [before, after].map(
    (side) => side?.results.map(({ command, output }) => [command, output]) ?? [],
  );
  return createHash("sha256")
    .update(JSON.stringify([target, outputs]))
    .digest("hex");
}
