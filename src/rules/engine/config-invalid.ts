import { actual, fail, notApplicable, pass, rule, unknown } from "../rule.ts";
import { DOCKERD } from "./facts/references.ts";
import { withoutDaemon } from "./facts/settings.ts";

export default rule({
  id: "SW-ENGINE-CONFIG-INVALID",
  subject: "engine",
  title: "The daemon's config file is not valid",
  severity: "medium",
  risk: "The daemon runs with what it read before the file was broken. At its next start, after an update or a power cut, it refuses to start, and every container stays down.",
  countermeasure: "Mend the file, and have it checked whenever it changes.",
  remediation: {
    host: "dockerd --validate --config-file FILE (Docker 23.0 or newer) names the fault; python3 -m json.tool FILE finds one in the JSON",
  },
  references: [DOCKERD],
  examples: { bad: '{ "icc": false, }', good: '{ "icc": false }' },
  judge: (engine) => {
    const excused = withoutDaemon(engine);
    if (excused !== null) return excused;
    if (!engine.daemon.ok) return unknown(`its config file is not known: ${engine.daemon.why}`);
    const { path, stat, error } = engine.daemon.value.configFile;
    if (error !== null) {
      return /\bnot JSON\b/.test(error)
        ? fail(`${path} is not JSON, so the daemon will not start with it again`, [actual(path, error)])
        : unknown(`${path} could not be read (${error}); run as root`);
    }
    if (!stat.ok) return unknown(`${path} could not be looked at (${stat.why}); run as root`);
    return stat.value === null
      ? notApplicable(`there is no ${path}`)
      : pass(`${path} is JSON`, [actual(path, "read as JSON")]);
  },
});
