import type { EngineEvidence, NetworkEvidence } from "#model/evidence/engine.ts";
import {
  declared,
  fail,
  type JudgeContext,
  type Judgement,
  notApplicable,
  page,
  pass,
  rule,
  unknown,
} from "../rule.ts";

// Its mere presence switches IPsec on, whatever its value (drivers/overlay in moby).
const OPTION = "encrypted";

export default rule({
  id: "SW-NET-OVERLAY-UNENCRYPTED",
  subject: "network",
  title: "Overlay network is not encrypted",
  severity: "medium",
  risk: "What containers on different machines tell each other crosses the network between the machines as it is (VXLAN on UDP 4789). Whoever sits there reads it, and can put packets into the overlay.",
  countermeasure:
    "Make the network with encryption, and let IP protocol 50 (ESP) through between the nodes. It costs throughput. The ingress network of the swarm cannot be changed while services publish ports through it: put TLS into those services.",
  remediation: {
    swarm:
      "docker network create --driver overlay --opt encrypted NAME, and move the services (docker service update --network-add NAME --network-rm OLD SERVICE)",
    compose: 'driver: overlay and driver_opts: { encrypted: "" }',
  },
  cis: ["7.3"],
  references: [
    page("Docker docs: overlay networks", "https://docs.docker.com/engine/network/drivers/overlay/"),
    page("RFC 7348, section 7: security of VXLAN", "https://www.rfc-editor.org/rfc/rfc7348#section-7"),
  ],
  examples: {
    bad: "docker network create --driver overlay backend",
    good: "docker network create --driver overlay --opt encrypted backend",
  },
  judge,
});

function judge(network: NetworkEvidence, { engine }: JudgeContext): Judgement {
  if (network.driver !== "overlay") return notApplicable(`it is no overlay network (${network.driver})`);
  const source = `GET /networks/${network.name}`;
  const option = network.options[OPTION];
  if (option !== undefined) {
    return pass("traffic between machines is encrypted", [
      declared(source, option === "" ? "set" : option, `Options.${OPTION}`),
    ]);
  }
  const nodes = nodesOf(engine);
  if (nodes === null) return unknown("it is not encrypted; how many nodes the swarm has is not known");
  if (nodes === 1) return notApplicable("the swarm has one node: no traffic leaves the machine");
  const seen = [declared(source, "not set", `Options.${OPTION}`)];
  return network.ingress
    ? fail("traffic of published ports crosses between machines in the clear (ingress)", seen, {
        severity: "low",
        remediation:
          "swarm: put TLS into the services that publish ports, or publish with mode=host; to replace ingress, remove it while no service publishes ports: docker network rm ingress; docker network create --driver overlay --ingress --opt encrypted ingress",
      })
    : fail("traffic of its containers crosses between machines in the clear", seen);
}

/** How many nodes the swarm has; a worker knows of more than one, though not of how many. null = not known. */
function nodesOf(engine: EngineEvidence | null): number | null {
  if (engine?.swarm.ok === true && engine.swarm.value !== null) return engine.swarm.value.nodes.length;
  if (engine?.info.ok !== true) return null;
  const { swarmManager, swarmNodes } = engine.info.value;
  return swarmManager ? swarmNodes : 2;
}
