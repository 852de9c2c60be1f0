import type { EngineEvidence } from "#model/evidence/engine.ts";
import { declared, fail, type JudgeContext, type Judgement, page, pass, rule, unknown } from "../rule.ts";
import { CHAIN_ADVISORIES } from "./advisories-table.ts";
import { hitBy } from "./facts/advisories.ts";
import { listed } from "./facts/containers.ts";
import { DOCKERD } from "./facts/references.ts";
import { changedSinceStart, textsOf, withoutDaemon } from "./facts/settings.ts";
import { apiAddresses, isLoopback, joined } from "./facts/tcp.ts";

const KEY = "authorization-plugins";

export default rule({
  id: "SW-ENGINE-AUTHZ",
  subject: "engine",
  title: "No authorization plugin decides on API calls",
  severity: "low",
  risk: "Whoever may talk to the engine may do everything: read every container's files and start one with the host's disk in it. A tool that only needs to list containers has the same power as root.",
  countermeasure:
    "Let a plugin decide who may call what, where more than one person or tool uses the engine. A plugin that does not answer stops every call: watch it.",
  remediation: { daemon: '"authorization-plugins": ["NAME"]; then systemctl restart docker' },
  cis: ["2.13"],
  references: [
    page(
      "Docker docs: access authorization plugin",
      "https://docs.docker.com/engine/extend/plugins_authorization/",
    ),
    DOCKERD,
  ],
  examples: { bad: "{}", good: '{ "authorization-plugins": ["my-authz"] }' },
  judge: (engine, context) => withoutDaemon(engine) ?? judge(engine, context),
});

function judge(engine: EngineEvidence, context: JudgeContext): Judgement {
  if (!engine.info.ok) return unknown(`the plugins in force are not known: ${engine.info.why}`);
  const plugins = engine.info.value.authorizationPlugins;
  const seen = declared(
    "GET /info (as of the daemon's start)",
    listed(plugins) || "none",
    "Plugins.Authorization",
  );
  // The list is that of the start: a reload (SIGHUP) puts plugins in and out without it showing here.
  if (engine.daemon.ok && changedSinceStart(engine.daemon.value) !== null) {
    const { settings, configFile } = engine.daemon.value;
    const given = textsOf(settings[KEY]?.value);
    if (settings[KEY]?.from !== "flag" && given.toSorted().join() !== plugins.toSorted().join()) {
      return unknown(
        `${configFile.path} changed after the daemon started and names other plugins (${listed(given) || "none"}); whether a reload put them in force, no call tells: restart the daemon`,
        [seen, declared(configFile.path, listed(given) || "none", KEY)],
      );
    }
  }
  if (plugins.length === 0) {
    const remote = engine.daemon.ok
      ? apiAddresses(engine, engine.daemon.value).filter(({ address }) => !isLoopback(address))
      : [];
    const [first] = remote;
    return first === undefined
      ? fail("every client of the engine may do everything", [seen])
      : fail(
          `every client of the engine may do everything, and it is reached over the network (${joined(first.address, first.port)})`,
          [seen, first.seen],
          { severity: "medium" },
        );
  }
  const known = CHAIN_ADVISORIES.filter(({ needs }) => needs === "authorization-plugin").flatMap(
    (advisory) => {
      const hit = hitBy(advisory, engine, context);
      return hit.state === "vulnerable" ? [{ cve: advisory.cve, hit }] : [];
    },
  );
  const [first] = known;
  if (first !== undefined) {
    return fail(
      `${listed(plugins)} decides on API calls, but can be passed by (${known.map(({ cve }) => cve).join(", ")})`,
      [seen, ...first.hit.seen],
      { severity: "medium", remediation: "host: update the engine (see SW-ENGINE-ADVISORY)" },
    );
  }
  return pass(`${listed(plugins)} decides on API calls`, [seen]);
}
