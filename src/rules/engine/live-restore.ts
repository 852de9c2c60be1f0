import type { EngineEvidence } from "#model/evidence/engine.ts";
import { declared, fail, type Judgement, notApplicable, page, pass, rule, unknown } from "../rule.ts";
import { settingOf, withoutDaemon } from "./facts/settings.ts";

export default rule({
  id: "SW-ENGINE-LIVE-RESTORE",
  subject: "engine",
  title: "Containers stop when the daemon stops",
  severity: "low",
  risk: "Every update of the engine takes all containers down, which is why updates are put off. A daemon that crashes takes them down as well.",
  countermeasure:
    "Switch live restore on: containers run on while the daemon is away. It cannot be used with a swarm, and not over a change of major version.",
  remediation: { daemon: '"live-restore": true; systemctl reload docker is enough' },
  cis: ["2.16"],
  references: [page("Docker docs: live restore", "https://docs.docker.com/engine/daemon/live-restore/")],
  examples: { bad: "{}", good: '{ "live-restore": true }' },
  judge: (engine) => withoutDaemon(engine) ?? judge(engine),
});

function judge(engine: EngineEvidence): Judgement {
  if (engine.info.ok) {
    const { liveRestore, swarmState } = engine.info.value;
    if (swarmState !== "inactive")
      return notApplicable("a swarm forbids live restore, and restarts tasks itself");
    const seen = declared("GET /info", liveRestore, "LiveRestoreEnabled");
    return liveRestore
      ? pass("containers run on while the daemon is away", [seen])
      : fail("containers stop when the daemon stops", [seen]);
  }
  const setting = settingOf(engine, "live-restore", false);
  if (!setting.known) return unknown(`${setting.why}; ${engine.info.why}`);
  return setting.value === true
    ? pass("containers run on while the daemon is away", [setting.seen])
    : fail("containers stop when the daemon stops", [setting.seen]);
}
