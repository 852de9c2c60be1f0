import { declared, fail, pass, rule, unknown } from "../rule.ts";
import { DOCKERD } from "./facts/references.ts";
import { settingOf, withoutDaemon } from "./facts/settings.ts";

export default rule({
  id: "SW-ENGINE-EXPERIMENTAL",
  subject: "engine",
  title: "Experimental features are on",
  severity: "low",
  risk: "They are not finished, change without notice and have had less review than the rest of the engine.",
  countermeasure: "Switch them off on machines that others depend on.",
  remediation: { daemon: 'remove "experimental": true; then systemctl restart docker' },
  cis: ["2.19"],
  references: [DOCKERD],
  examples: { bad: '{ "experimental": true }', good: "{}" },
  judge: (engine) => {
    const excused = withoutDaemon(engine);
    if (excused !== null) return excused;
    if (engine.info.ok) {
      const { experimental } = engine.info.value;
      const seen = declared("GET /info", experimental, "ExperimentalBuild");
      return experimental ? fail("experimental features are on", [seen]) : pass("they are off", [seen]);
    }
    const setting = settingOf(engine, "experimental", false);
    if (!setting.known) return unknown(`${setting.why}; ${engine.info.why}`);
    return setting.value === true
      ? fail("experimental features are on", [setting.seen])
      : pass("they are off", [setting.seen]);
  },
});
