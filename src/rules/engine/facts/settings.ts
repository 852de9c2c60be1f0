import type { DaemonEvidence, EngineEvidence } from "#model/evidence/engine.ts";
import type { Seen } from "#model/finding.ts";
import { declared, type Judgement, notApplicable } from "../../rule.ts";

/** What the daemon was told under one name of daemon.json, and by whom; or why nobody can tell. */
export type Setting =
  | { known: true; value: unknown; set: boolean; seen: Seen }
  | { known: false; why: string };

// A daemon that reads its file in the second in which it was written is not behind it: the start time is
// known to the second only (btime in proc_stat(5)).
const CLOCK_TOLERANCE_MS = 2000;

/** When the config file changed after the daemon had started, in milliseconds since the epoch; else null. */
export function changedSinceStart({ configFile, startedAtMs }: DaemonEvidence): number | null {
  const stat = configFile.stat.ok ? configFile.stat.value : null;
  if (stat === null || startedAtMs === null) return null;
  return stat.mtimeMs > startedAtMs + CLOCK_TOLERANCE_MS ? stat.mtimeMs : null;
}

/**
 * The setting `name` (as daemon.json spells it) of the daemon behind this very engine, or `fallback`, the
 * daemon's own default, where it was not given. Not known if the process or its file could not be read, or if
 * the file changed after the start: then it does not tell what is in force.
 */
export function settingOf(engine: EngineEvidence, name: string, fallback: unknown): Setting {
  if (!engine.daemon.ok) {
    return { known: false, why: `the daemon's "${name}" is not known: ${engine.daemon.why}` };
  }
  const daemon = engine.daemon.value;
  const { configFile, pid } = daemon;
  const given = Object.hasOwn(daemon.settings, name) ? daemon.settings[name] : undefined;
  if (given?.from === "flag") {
    const seen = declared(`/proc/${pid}/cmdline`, show(given.value), `--${name}`);
    return { known: true, value: given.value, set: true, seen };
  }
  if (configFile.error !== null) {
    return {
      known: false,
      why: `the daemon's "${name}" is not known: ${configFile.error}; run as root, or mend the file`,
    };
  }
  if (changedSinceStart(daemon) !== null) {
    return {
      known: false,
      why: `${configFile.path} changed after the daemon started, so it does not tell whether "${name}" is in force; restart the daemon`,
    };
  }
  if (given !== undefined) {
    const seen = declared(configFile.path, show(given.value), name);
    return { known: true, value: given.value, set: true, seen };
  }
  const seen = declared(
    `command line of dockerd (pid ${pid}) and ${configFile.path}`,
    fallback === "" ? "not set" : `not set; default ${show(fallback)}`,
    name,
  );
  return { known: true, value: fallback, set: false, seen };
}

/** A value of a setting as people write it: text bare, the rest as JSON; cut at 200 characters. */
export function show(value: unknown): string {
  return (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 200);
}

/** The entries of a setting that holds a list of texts; one text is a list of one. */
export function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

/** Why settings of dockerd are not judged on this engine; null on Docker. */
export function withoutDaemon(engine: EngineEvidence): Judgement | null {
  return engine.kind === "podman"
    ? notApplicable("podman has no daemon with settings of its own; see containers.conf(5)")
    : null;
}
