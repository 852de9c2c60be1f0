import type { EngineEvidence } from "#model/evidence/engine.ts";
import { actual, fail, type Judgement, pass, rule, unknown } from "../rule.ts";
import { DOCKERD } from "./facts/references.ts";
import { settingOf, withoutDaemon } from "./facts/settings.ts";

export default rule({
  id: "SW-ENGINE-USERLAND-PROXY",
  subject: "engine",
  title: "The userland proxy is on",
  severity: "low",
  risk: "Each published port is one more process of root on the host that reads from the network, and connections through it show the address of the proxy in the container's log, not the client's.",
  countermeasure:
    "Let the kernel forward ports (hairpin NAT). Old kernels, and hosts that publish over IPv6 to IPv4-only containers, still need the proxy.",
  remediation: { daemon: '"userland-proxy": false; then systemctl restart docker' },
  cis: ["2.17"],
  references: [DOCKERD],
  examples: { bad: "{}", good: '{ "userland-proxy": false }' },
  judge: (engine) => withoutDaemon(engine) ?? judge(engine),
});

function judge(engine: EngineEvidence): Judgement {
  if (!engine.daemon.ok) return unknown(`whether proxies run is not known: ${engine.daemon.why}`);
  const { pid, proxies } = engine.daemon.value;
  const running = actual(`children of dockerd (pid ${pid})`, proxies, "docker-proxy");
  const setting = settingOf(engine, "userland-proxy", true);
  if (proxies > 0) {
    return fail(
      proxies === 1
        ? "1 proxy runs on the host for a published port"
        : `${proxies} proxies run on the host for published ports`,
      setting.known ? [running, setting.seen] : [running],
    );
  }
  if (!setting.known) return unknown(setting.why, [running]);
  return setting.value === false
    ? pass("the proxy is off, and none runs", [setting.seen, running])
    : fail("a proxy is started for each port that is published", [setting.seen, running]);
}
