import type { EngineEvidence } from "#model/evidence/engine.ts";
import { declared, fail, type Judgement, notApplicable, page, pass, rule, unknown } from "../rule.ts";
import { count } from "./facts/containers.ts";

export default rule({
  id: "SW-ENGINE-SWARM-UNUSED",
  subject: "engine",
  title: "A swarm is on that nobody uses",
  severity: "low",
  risk: "The manager listens on port 2377 and the node on 7946 and 4789, and whoever has a join token can add a machine. All of that for nothing.",
  countermeasure: "Leave the swarm. Its networks, services, secrets and configs are deleted with it.",
  remediation: { swarm: "docker swarm leave --force" },
  cis: ["5.1"],
  references: [page("Docker docs: swarm mode", "https://docs.docker.com/engine/swarm/")],
  examples: { bad: "docker swarm init, and then no service", good: "docker swarm leave --force" },
  judge: (engine) => (engine.kind === "podman" ? notApplicable("podman has no swarm mode") : judge(engine)),
});

function judge(engine: EngineEvidence): Judgement {
  if (!engine.info.ok) return unknown(`whether a swarm is on is not known: ${engine.info.why}`);
  const { swarmState, swarmManager } = engine.info.value;
  const seen = declared("GET /info", swarmState, "Swarm.LocalNodeState");
  if (swarmState === "inactive") return pass("swarm is off", [seen]);
  if (swarmState !== "active") {
    return unknown(`the swarm is in state "${swarmState}": unlock it, or mend it, to have it judged`, [seen]);
  }
  if (!swarmManager) return pass("it is a worker of a swarm that others manage", [seen]);
  if (!engine.swarm.ok)
    return unknown(`what the swarm is used for is not known: ${engine.swarm.why}`, [seen]);
  const { nodes = [], services = [] } = engine.swarm.value ?? {};
  const used = declared(
    "GET /nodes, GET /services",
    `${count(nodes.length, "node")}, ${count(services.length, "service")}`,
  );
  return nodes.length <= 1 && services.length === 0
    ? fail("a swarm of one node without a service is on", [seen, used])
    : pass(`the swarm is in use: ${used.value}`, [seen, used]);
}
