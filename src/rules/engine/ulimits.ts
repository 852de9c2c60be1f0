import type { EngineEvidence } from "#model/evidence/engine.ts";
import { actual, fail, type JudgeContext, type Judgement, man, pass, rule, unknown } from "../rule.ts";
import { containersOf, listed } from "./facts/containers.ts";
import { DOCKERD } from "./facts/references.ts";
import { settingOf, withoutDaemon } from "./facts/settings.ts";

// The kernel's own ceiling for open files where nobody raised it (fs.nr_open, proc_sys_fs(5)).
const MANY_FILES = 1048576;

export default rule({
  id: "SW-ENGINE-ULIMITS",
  subject: "engine",
  title: "No default resource limits (ulimits) for containers",
  severity: "low",
  risk: "A container gets the limits of the daemon, which has none so that it can serve many. One that opens files or starts processes without end exhausts the host for all.",
  countermeasure:
    "Set defaults for all containers; one that needs more gets --ulimit of its own. Limits of processes count per user id on the whole host, so bound processes with --pids-limit.",
  remediation: {
    daemon: '"default-ulimits": { "nofile": { "Name": "nofile", "Soft": 1024, "Hard": 65536 } }',
  },
  cis: ["2.9"],
  references: [DOCKERD, man("getrlimit.2")],
  examples: {
    bad: "{}",
    good: '{ "default-ulimits": { "nofile": { "Name": "nofile", "Soft": 1024, "Hard": 65536 } } }',
  },
  judge: (engine, context) => withoutDaemon(engine) ?? judge(engine, context),
});

function judge(engine: EngineEvidence, context: JudgeContext): Judgement {
  const setting = settingOf(engine, "default-ulimits", {});
  if (!setting.known) return unknown(setting.why);
  const names =
    typeof setting.value === "object" && setting.value !== null ? Object.keys(setting.value).toSorted() : [];
  if (names.length > 0) return pass(`defaults are set for ${listed(names)}`, [setting.seen]);
  // No default is no fault where the daemon itself was started with bounds, which containers inherit.
  const limits = containersOf(engine, context).flatMap(({ name, actual: kernel }) => {
    if (!kernel.ok || !kernel.value.limits.ok) return [];
    const files = kernel.value.limits.value["Max open files"];
    const processes = kernel.value.limits.value["Max processes"];
    if (files === undefined || processes === undefined) return [];
    const loose = files.hard === null || files.hard > MANY_FILES || processes.hard === null;
    const value = `open files ${files.hard ?? "unlimited"}, processes ${processes.hard ?? "unlimited"}`;
    return [{ name, loose, seen: actual(`/proc/${kernel.value.initPid}/limits`, value, name) }];
  });
  const loose = limits.filter((entry) => entry.loose);
  if (limits.length > 0 && loose.length === 0) {
    return pass("every running container has limits of the daemon's own", [
      setting.seen,
      ...limits.slice(0, 5).map(({ seen }) => seen),
    ]);
  }
  return fail(
    loose.length === 0
      ? "no default limits are set"
      : `no default limits are set, and ${listed(loose.map(({ name }) => name))} may open files or start processes without bound`,
    [setting.seen, ...loose.slice(0, 5).map(({ seen }) => seen)],
  );
}
