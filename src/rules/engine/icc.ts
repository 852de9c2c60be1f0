import type { EngineEvidence, NetworkEvidence } from "#model/evidence/engine.ts";
import { declared, fail, type Judgement, notApplicable, page, pass, rule, unknown } from "../rule.ts";
import { count, listed } from "./facts/containers.ts";
import { DOCKERD } from "./facts/references.ts";
import { settingOf, withoutDaemon } from "./facts/settings.ts";

const OPTION = "com.docker.network.bridge.enable_icc";

export default rule({
  id: "SW-ENGINE-ICC",
  subject: "engine",
  title: "Containers on the default bridge reach each other",
  severity: "medium",
  risk: "Every container that names no network is put on one bridge, where each can open connections to every port of every other, and with the default NET_RAW forge its packets. One that is broken into is a way to all of them.",
  countermeasure:
    "Give each application a network of its own and switch traffic between containers of the default bridge off. Containers that still depend on the default bridge then need a network in common.",
  remediation: {
    daemon: '"icc": false',
    run: "docker network create APP, and --network APP for the containers that belong together",
  },
  cis: ["2.2"],
  references: [
    DOCKERD,
    page("Docker docs: bridge networks", "https://docs.docker.com/engine/network/drivers/bridge/"),
  ],
  examples: { bad: '{ "icc": true }', good: '{ "icc": false }' },
  judge: (engine) => withoutDaemon(engine) ?? judge(engine),
});

function judge(engine: EngineEvidence): Judgement {
  if (!engine.networks.ok) return bySetting(engine, engine.networks.why);
  const bridge = engine.networks.value.find(isDefaultBridge);
  if (bridge === undefined) return notApplicable("there is no default bridge");
  const value = bridge.options[OPTION];
  if (value === undefined) return bySetting(engine, `the bridge does not tell ${OPTION}`);
  const seen = declared(`GET /networks/${bridge.name}`, value, `Options.${OPTION}`);
  if (value === "false") return pass("traffic between containers of the default bridge is off", [seen]);
  const { containers } = bridge;
  const users = declared(`GET /networks/${bridge.name}`, listed(containers) || "none", "Containers");
  return containers.length > 1
    ? fail(`${count(containers.length, "container")} on the default bridge reach each other`, [seen, users])
    : fail(
        `containers on the default bridge would reach each other (${containers.length === 0 ? "none uses it" : "one uses it"})`,
        [seen, users],
        { severity: "info" },
      );
}

function bySetting(engine: EngineEvidence, why: string): Judgement {
  const icc = settingOf(engine, "icc", true);
  if (!icc.known) return unknown(`${icc.why}; ${why}`);
  return icc.value === false
    ? pass("traffic between containers of the default bridge is off", [icc.seen])
    : fail("containers on the default bridge reach each other", [icc.seen]);
}

function isDefaultBridge({ driver, name, options }: NetworkEvidence): boolean {
  return (
    driver === "bridge" &&
    (options["com.docker.network.bridge.default_bridge"] === "true" || name === "bridge")
  );
}
