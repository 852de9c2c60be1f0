import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { engine, engineInfo, swarm, verdictOf } from "../testing.ts";
import { podman, unreadableEngine } from "./facts/testing.ts";
import rule from "./swarm-unused.ts";

const on = (changes: Parameters<typeof swarm>[0] = {}, manager = true) =>
  engine({
    info: got(engineInfo({ swarmState: "active", swarmManager: manager })),
    swarm: got(swarm(changes)),
  });
const service = { name: "web", image: "nginx", env: [], secrets: [] };
const [node] = swarm().nodes;

describe("SW-ENGINE-SWARM-UNUSED", () => {
  it("a swarm of one node without a service is unused", () => {
    expect(verdictOf(rule, on())).toMatchObject({
      verdict: "fail",
      evidence: [{ path: "Swarm.LocalNodeState", value: "active" }, { value: "1 node, 0 services" }],
    });
  });

  it("services, or a second node, are use", () => {
    expect(verdictOf(rule, on({ services: [service] })).verdict).toBe("pass");
    if (node === undefined) throw new Error("no node");
    expect(verdictOf(rule, on({ nodes: [node, { ...node, id: "n2" }] })).verdict).toBe("pass");
  });

  it("a worker is in use, swarm off passes", () => {
    expect(verdictOf(rule, on({}, false)).verdict).toBe("pass");
    expect(verdictOf(rule, engine()).verdict).toBe("pass");
  });

  it("is unknown where the swarm does not answer", () => {
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
    expect(verdictOf(rule, { ...on(), swarm: missing("GET /swarm: no answer") }).verdict).toBe("unknown");
    const locked = engine({ info: got(engineInfo({ swarmState: "locked" })) });
    expect(verdictOf(rule, locked).verdict).toBe("unknown");
  });

  it("podman has no swarm", () => {
    expect(verdictOf(rule, podman()).verdict).toBe("not-applicable");
  });
});
