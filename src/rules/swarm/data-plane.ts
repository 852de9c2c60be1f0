import { declared, fail, notApplicable, page, pass, rule, unknown } from "../rule.ts";

export default rule({
  id: "SW-SWARM-DATA-PLANE",
  subject: "swarm",
  title: "Management and data share one network",
  severity: "info",
  risk: "A flood of the applications' traffic keeps the managers from hearing of each other, and whoever reaches the applications' network reaches the management as well.",
  countermeasure: "Give the traffic of containers an interface of its own, where the machines have two.",
  remediation: {
    swarm:
      "it is set once per node: docker swarm init or join with --advertise-addr ADDRESS1 --data-path-addr ADDRESS2",
  },
  cis: ["7.9"],
  references: [
    page(
      "Docker docs: separate control and data traffic",
      "https://docs.docker.com/engine/swarm/networking/",
    ),
  ],
  examples: {
    bad: "docker swarm init",
    good: "docker swarm init --advertise-addr 10.0.0.5 --data-path-addr 10.1.0.5",
  },
  judge: ({ dataPathAddress, nodes }, { engine }) => {
    if (nodes.length === 1) return notApplicable("the swarm has one node: no traffic leaves the machine");
    const path = "DataPathAddr";
    if (dataPathAddress === "") {
      return unknown(
        "the API does not tell the data path address; it stands in docker-state.json in the swarm folder of the data root, which root can read",
      );
    }
    if (engine === null || !engine.info.ok || engine.info.value.swarmNodeAddress === "") {
      return unknown("the address of this node is not known: GET /info does not tell it");
    }
    const { swarmNodeAddress } = engine.info.value;
    const seen = [
      declared("docker-state.json", dataPathAddress, path),
      declared("GET /info", swarmNodeAddress, "Swarm.NodeAddr"),
    ];
    return dataPathAddress === swarmNodeAddress
      ? fail(`both use ${swarmNodeAddress}`, seen)
      : pass(`data uses ${dataPathAddress}, management ${swarmNodeAddress}`, seen);
  },
});
