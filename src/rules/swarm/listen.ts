import type { ListenerEvidence } from "#model/evidence/container.ts";
import { actual, fail, page, pass, rule, unknown } from "../rule.ts";

/** Ports of a swarm: cluster management, gossip between nodes, data of overlay networks. */
const PORTS = new Set([2377, 7946, 4789]);
const WILDCARD = new Set(["0.0.0.0", "::", "::ffff:0.0.0.0"]);

export default rule({
  id: "SW-SWARM-LISTEN",
  subject: "swarm",
  title: "The swarm listens on every interface",
  severity: "medium",
  risk: "Management of the swarm, gossip between its nodes and the tunnel of its networks are reached from every network that the machine is in, the internet among them. The tunnel (4789) checks no sender.",
  countermeasure:
    "Bind the swarm to the address of the network between the nodes, and let the firewall drop the rest.",
  remediation: {
    swarm:
      "it is set once: docker swarm init --listen-addr ADDRESS:2377 --data-path-addr ADDRESS (the swarm must be made anew)",
    host: "until then let the firewall admit 2377/tcp, 7946/tcp, 7946/udp and 4789/udp from the other nodes only",
  },
  cis: ["7.2"],
  references: [
    page("docker swarm init", "https://docs.docker.com/reference/cli/docker/swarm/init/"),
    page("Docker docs: ports of a swarm", "https://docs.docker.com/engine/swarm/swarm-tutorial/"),
  ],
  examples: {
    bad: "docker swarm init",
    good: "docker swarm init --listen-addr 10.0.0.5:2377 --advertise-addr 10.0.0.5",
  },
  judge: (_swarm, { engine }) => {
    if (engine === null || !engine.daemon.ok) {
      return unknown(
        `which addresses the swarm listens on is not known: ${engine === null || engine.daemon.ok ? "its engine was not asked" : engine.daemon.why}`,
      );
    }
    const { pid, listeners } = engine.daemon.value;
    const own = listeners.filter(({ port }) => PORTS.has(port));
    const seen = (sockets: ListenerEvidence[]) =>
      sockets.map(({ protocol, address, port }) =>
        actual(`/proc/${pid}/net/${protocol}`, `listening on ${address} port ${port}`),
      );
    if (own.length === 0) {
      return unknown("no socket of the daemon on ports 2377, 7946 or 4789 was seen: it may listen on others");
    }
    const wide = own.filter(({ address }) => WILDCARD.has(address));
    const ports = [...new Set(wide.map(({ port, protocol }) => `${port}/${protocol.slice(0, 3)}`))];
    return wide.length > 0
      ? fail(`listens on every interface: ${ports.join(", ")}`, seen(wide))
      : pass("listens on single addresses", seen(own));
  },
});
