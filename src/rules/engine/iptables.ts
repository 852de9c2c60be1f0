import type { EngineEvidence } from "#model/evidence/engine.ts";
import { declared, fail, type Judgement, notApplicable, page, pass, rule, unknown } from "../rule.ts";
import { listed } from "./facts/containers.ts";
import { DOCKERD } from "./facts/references.ts";
import { settingOf, withoutDaemon } from "./facts/settings.ts";

export default rule({
  id: "SW-ENGINE-IPTABLES",
  subject: "engine",
  title: "The daemon does not manage its firewall rules",
  severity: "medium",
  risk: "The rules that keep networks of containers apart, and that let in only published ports, are missing unless somebody wrote them by hand for every network. Switched off, icc=false has no effect either.",
  countermeasure:
    "Let the daemon write its rules, and put your own into the DOCKER-USER chain, which it leaves alone.",
  remediation: { daemon: 'remove "iptables": false; then systemctl restart docker' },
  cis: ["2.4"],
  references: [
    DOCKERD,
    page(
      "Docker docs: packet filtering and firewalls",
      "https://docs.docker.com/engine/network/packet-filtering-firewalls/",
    ),
  ],
  examples: { bad: '{ "iptables": false }', good: "{}" },
  judge: (engine) => withoutDaemon(engine) ?? judge(engine),
});

function judge(engine: EngineEvidence): Judgement {
  const setting = settingOf(engine, "iptables", true);
  if (!setting.known) return unknown(setting.why);
  if (setting.value !== false) return pass("the daemon manages its firewall rules", [setting.seen]);
  if (!engine.networks.ok) {
    return fail("firewall rules for container networks are left to the administrator", [setting.seen]);
  }
  const bridges = engine.networks.value.filter(({ driver }) => driver === "bridge").map(({ name }) => name);
  if (bridges.length === 0) return notApplicable("there is no bridge network to protect");
  return fail(`no firewall rules are made for the networks ${listed(bridges)}`, [
    setting.seen,
    declared("GET /networks", listed(bridges), "Name"),
  ]);
}
