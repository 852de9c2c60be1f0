import type { EngineEvidence } from "#model/evidence/engine.ts";
import { declared, fail, type Judgement, pass, rule, unknown } from "../rule.ts";
import { DOCKERD } from "./facts/references.ts";
import { settingOf, show, withoutDaemon } from "./facts/settings.ts";

export default rule({
  id: "SW-ENGINE-LOG-LEVEL",
  subject: "engine",
  title: "The daemon's log level is not info",
  severity: "low",
  risk: "At debug the log fills with the bodies of API calls, among them environment variables of containers. At warn, error or fatal nobody can read later who created or removed which container.",
  countermeasure: "Keep the level at info; raise it to debug only while a problem is looked for.",
  remediation: { daemon: '"log-level": "info", and remove "debug"; then systemctl restart docker' },
  cis: ["2.3"],
  references: [DOCKERD],
  examples: { bad: '{ "log-level": "debug" }', good: '{ "log-level": "info" }' },
  judge: (engine) => withoutDaemon(engine) ?? judge(engine),
});

function judge(engine: EngineEvidence): Judgement {
  // `debug` wins over the level (cmd/dockerd in moby), and a reload or a signal changes it without the file.
  if (engine.info.ok && engine.info.value.debug) {
    return fail("the daemon logs at debug", [declared("GET /info", true, "Debug")]);
  }
  const level = settingOf(engine, "log-level", "info");
  if (!level.known) return unknown(level.why);
  const value = show(level.value).toLowerCase();
  if (value === "info" || value === "") return pass("the daemon logs at info", [level.seen]);
  return fail(`the daemon logs at ${value}`, [level.seen], value === "warn" ? { severity: "info" } : {});
}
