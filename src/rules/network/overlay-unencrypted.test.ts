import { describe, expect, it } from "vitest";
import type { EngineEvidence, NetworkEvidence } from "#model/evidence/engine.ts";
import { got, missing } from "#model/reading.ts";
import { contextOf, engine, engineInfo, evidence, network, swarm, verdictOf } from "../testing.ts";
import rule from "./overlay-unencrypted.ts";

const [node] = swarm().nodes;
if (node === undefined) throw new Error("no node");
const three = swarm({ nodes: [node, { ...node, id: "n2" }, { ...node, id: "n3" }] });
const managed = (changes: Partial<EngineEvidence> = {}) => engine({ swarm: got(three), ...changes });
const overlay = (changes: Partial<NetworkEvidence> = {}) =>
  network({ name: "backend", driver: "overlay", scope: "swarm", options: {}, ...changes });
const judge = (subject: NetworkEvidence, own: EngineEvidence = managed()) =>
  verdictOf(rule, subject, contextOf(evidence({ engines: [own] })));

describe("SW-NET-OVERLAY-UNENCRYPTED", () => {
  it("an overlay without the option fails, the ingress network with less weight", () => {
    expect(judge(overlay())).toMatchObject({
      verdict: "fail",
      evidence: [{ source: "GET /networks/backend", path: "Options.encrypted", value: "not set" }],
    });
    expect(rule.severity).toBe("medium");
    expect(judge(overlay({ name: "ingress", ingress: true }))).toMatchObject({
      verdict: "fail",
      severity: "low",
    });
  });

  it("the option passes, also with an empty value", () => {
    expect(judge(overlay({ options: { encrypted: "" } })).verdict).toBe("pass");
    expect(judge(overlay({ options: { encrypted: "true" } })).verdict).toBe("pass");
  });

  it("is not about other drivers, nor about a swarm of one node", () => {
    expect(judge(network()).verdict).toBe("not-applicable");
    expect(judge(overlay(), managed({ swarm: got(swarm()) })).verdict).toBe("not-applicable");
  });

  it("a worker knows of other nodes; where nobody tells it is unknown", () => {
    const worker = managed({ swarm: missing("a worker"), info: got(engineInfo({ swarmState: "active" })) });
    expect(judge(overlay(), worker).verdict).toBe("fail");
    const manager = got(engineInfo({ swarmState: "active", swarmManager: true, swarmNodes: 1 }));
    expect(judge(overlay(), managed({ swarm: missing("no answer"), info: manager })).verdict).toBe(
      "not-applicable",
    );
    expect(
      judge(overlay(), managed({ swarm: missing("no answer"), info: missing("no answer") })).verdict,
    ).toBe("unknown");
  });
});
