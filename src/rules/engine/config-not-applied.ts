import type { DaemonEvidence, EngineEvidence, EngineInfo } from "#model/evidence/engine.ts";
import type { Seen } from "#model/finding.ts";
import { actual, declared, fail, type Judgement, notApplicable, pass, rule, unknown } from "../rule.ts";
import { DOCKERD } from "./facts/references.ts";
import { changedSinceStart, show, textsOf, withoutDaemon } from "./facts/settings.ts";

export default rule({
  id: "SW-ENGINE-CONFIG-NOT-APPLIED",
  subject: "engine",
  title: "The daemon does not run with what its config file says",
  severity: "medium",
  risk: "Somebody hardened the file and believes in it, while the daemon still does what it did before; or the next restart brings a change that nobody expects.",
  countermeasure:
    "Restart the daemon after a change. A reload (SIGHUP) puts only a few keys in force: debug, labels, live-restore, registries and mirrors, runtimes, authorization plugins and limits of transfers.",
  remediation: {
    host: "dockerd --validate --config-file FILE, then systemctl restart docker (with live-restore containers run on)",
  },
  references: [DOCKERD],
  examples: {
    bad: "edit daemon.json, and no restart",
    good: "edit daemon.json, then systemctl restart docker",
  },
  judge: (engine) => withoutDaemon(engine) ?? judge(engine),
});

/** A key of the file that `GET /info` shows the value in force of. */
interface Visible {
  key: string;
  field: string;
  /** In force, as text; null = this value of the file cannot be compared. */
  inForce(info: EngineInfo, asked: unknown): { asked: string; real: string } | null;
}

const VISIBLE: readonly Visible[] = [
  bool("live-restore", "LiveRestoreEnabled", (info) => info.liveRestore),
  bool("debug", "Debug", (info) => info.debug),
  bool("experimental", "ExperimentalBuild", (info) => info.experimental),
  bool("selinux-enabled", "SecurityOptions", (info) =>
    info.securityOptions.some(({ name }) => name === "selinux"),
  ),
  text("log-driver", "LoggingDriver", (info) => info.loggingDriver),
  text("storage-driver", "Driver", (info) => info.storageDriver),
  text("default-runtime", "DefaultRuntime", (info) => info.defaultRuntime),
  {
    key: "userns-remap",
    field: "SecurityOptions",
    inForce: ({ securityOptions }, asked) => {
      const on = securityOptions.some(({ name }) => name === "userns");
      return { asked: show(asked) === "" ? "off" : "on", real: on ? "on" : "off" };
    },
  },
  {
    key: "authorization-plugins",
    field: "Plugins.Authorization (as of the start)",
    inForce: ({ authorizationPlugins }, asked) => ({
      asked: textsOf(asked).toSorted().join(", ") || "none",
      real: authorizationPlugins.toSorted().join(", ") || "none",
    }),
  },
  {
    key: "insecure-registries",
    field: "RegistryConfig.IndexConfigs",
    inForce: ({ insecureRegistries }, asked) => {
      // Ranges are left out: the engine writes them in its own form (10.1.2.3/8 becomes 10.0.0.0/8).
      const hosts = textsOf(asked).filter((entry) => !entry.includes("/"));
      const lacking = hosts.filter((entry) => !insecureRegistries.includes(entry));
      return {
        asked: "all of them",
        real: lacking.length === 0 ? "all of them" : `all but ${lacking.join(", ")}`,
      };
    },
  },
];

function bool(key: string, field: string, read: (info: EngineInfo) => boolean): Visible {
  return {
    key,
    field,
    inForce: (info, asked) =>
      typeof asked === "boolean" ? { asked: show(asked), real: show(read(info)) } : null,
  };
}

function text(key: string, field: string, read: (info: EngineInfo) => string): Visible {
  return {
    key,
    field,
    inForce: (info, asked) =>
      typeof asked === "string" && asked !== "" ? { asked, real: read(info) } : null,
  };
}

function judge(engine: EngineEvidence): Judgement | Judgement[] {
  if (!engine.daemon.ok) return unknown(`its config file is not known: ${engine.daemon.why}`);
  const daemon = engine.daemon.value;
  const { path, stat, error } = daemon.configFile;
  if (error !== null) return unknown(`${path} could not be used: ${error}`);
  if (!stat.ok) return unknown(`${path} could not be looked at (${stat.why}); run as root`);
  if (stat.value === null) return notApplicable(`there is no ${path}`);
  const late = changedSinceStart(daemon);
  const times = late === null ? [] : timesOf(daemon, late);
  const contradictions = engine.info.ok ? contradictionsOf(daemon, engine.info.value, times) : [];
  if (contradictions.length > 0) return contradictions;
  if (late !== null) {
    return fail(`${path} changed after the daemon had started: what needs a restart is not in force`, times, {
      key: "changed",
    });
  }
  if (!engine.info.ok) return unknown(`what is in force is not known: ${engine.info.why}`);
  return pass(`${path} did not change since the daemon started, and nothing contradicts it`, [
    actual(path, new Date(stat.value.mtimeMs).toISOString(), "mtime"),
  ]);
}

function contradictionsOf(daemon: DaemonEvidence, info: EngineInfo, times: Seen[]): Judgement[] {
  return VISIBLE.flatMap(({ key, field, inForce }) => {
    const given = Object.hasOwn(daemon.settings, key) ? daemon.settings[key] : undefined;
    if (given?.from !== "file") return [];
    const compared = inForce(info, given.value);
    if (compared === null || compared.asked === compared.real) return [];
    return [
      fail(
        `the config file says "${key}": ${JSON.stringify(given.value).slice(0, 200)}, in force is: ${compared.real}`,
        [
          declared(daemon.configFile.path, show(given.value), key),
          declared("GET /info", compared.real, field),
          ...times,
        ],
        { key },
      ),
    ];
  });
}

function timesOf({ configFile, startedAtMs, pid }: DaemonEvidence, changed: number): Seen[] {
  return [
    actual(configFile.path, new Date(changed).toISOString(), "mtime"),
    actual(`/proc/${pid}/stat`, new Date(startedAtMs ?? 0).toISOString(), "starttime"),
  ];
}
