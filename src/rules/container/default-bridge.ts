import type { NetworkEvidence } from "#model/evidence/engine.ts";
import { declared, fail, type JudgeContext, page, pass, rule, unknown } from "../rule.ts";
import { listed } from "./facts/amounts.ts";
import { declaredSource } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-BRIDGE-DEFAULT",
  subject: "container",
  title: "On the default bridge",
  severity: "low",
  risk: "Every container that names no network lands on the default bridge: all of them reach each other's ports, published or not, whatever application they belong to.",
  countermeasure:
    "Give each application a network of its own. There containers also find each other by name, which the default bridge does not offer.",
  remediation: {
    run: "docker network create app, then add --network app",
    compose: "remove network_mode: bridge; Compose makes a network per project by itself",
    daemon: '"icc": false cuts the containers of the default bridge off from each other',
  },
  cis: ["5.30"],
  aliases: ["kics:ce14a68b-1668-41a0-ab7d-facd9f784742"],
  references: [
    page("Docker docs: bridge networks", "https://docs.docker.com/engine/network/drivers/bridge/"),
  ],
  examples: { bad: "docker run nginx", good: "docker run --network app nginx" },
  judge: (container, context) => {
    if (!container.declared.ok) return unknown(container.declared.why);
    const { networks } = container.declared.value;
    const source = declaredSource(container);
    const seen = declared(
      source,
      networks.map(({ name }) => name).join(", ") || "none",
      "NetworkSettings.Networks",
    );
    for (const { name, id } of networks) {
      const network = networkOf(id, name, context);
      if (!isDefaultBridge(name, network)) continue;
      if (network?.options["com.docker.network.bridge.enable_icc"] === "false") {
        return fail("is on the default bridge, where containers are cut off from each other", [seen], {
          severity: "info",
        });
      }
      const others = (network?.containers ?? []).filter((other) => other !== container.name);
      const neighbours = others.length === 0 ? "" : `, together with ${listed(others)}`;
      return fail(`is on the default bridge${neighbours}`, [seen]);
    }
    return pass("is not on the default bridge", [seen]);
  },
});

function networkOf(id: string, name: string, { engine }: JudgeContext): NetworkEvidence | undefined {
  if (!engine?.networks.ok) return undefined;
  return (
    engine.networks.value.find((network) => network.id === id) ??
    engine.networks.value.find((network) => network.name === name)
  );
}

function isDefaultBridge(name: string, network: NetworkEvidence | undefined): boolean {
  if (network === undefined) return name === "bridge";
  return network.options["com.docker.network.bridge.default_bridge"] === "true";
}
