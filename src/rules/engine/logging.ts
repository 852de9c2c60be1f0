import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { Seen } from "#model/finding.ts";
import {
  actual,
  declared,
  fail,
  type JudgeContext,
  type Judgement,
  page,
  pass,
  rule,
  unknown,
} from "../rule.ts";
import { containersOf, listed } from "./facts/containers.ts";
import { DOCKERD } from "./facts/references.ts";
import { settingOf, withoutDaemon } from "./facts/settings.ts";

// Drivers that write below the data root. `local` rotates by itself (5 files of 20 MB), json-file does not.
const ON_DISK = new Set(["json-file", "local"]);

// Programs that read these files and send them on, by the names of their executables.
const SHIPPERS = new Set([
  "alloy",
  "datadog-agent",
  "filebeat",
  "elastic-agent",
  "fluent-bit",
  "fluentd",
  "google-cloud-ops-agent",
  "logstash",
  "otelcol",
  "otelcol-contrib",
  "promtail",
  "splunkd",
  "td-agent",
  "vector",
]);

export default rule({
  id: "SW-ENGINE-LOGGING",
  subject: "engine",
  title: "Container logs are unbounded, or do not leave the host",
  severity: "medium",
  risk: "Without a bound one talkative container fills the disk of all. Logs that stay on the host are gone with it, and whoever takes the host can rewrite them. With the driver none there is nothing to read after an incident.",
  countermeasure:
    "Bound the files, and send logs to another machine: by a driver (syslog, journald with forwarding, fluentd, gelf, awslogs) or an agent that reads the files. The driver of a container is fixed when it is made: remake those that exist.",
  remediation: {
    daemon:
      '"log-driver": "local", or "log-opts": { "max-size": "10m", "max-file": "3" } with json-file; then systemctl restart docker',
    run: "--log-driver local for one container, in place of --log-driver none",
  },
  cis: ["2.14"],
  references: [
    page("Docker docs: logging drivers", "https://docs.docker.com/engine/logging/configure/"),
    DOCKERD,
  ],
  examples: {
    bad: '{ "log-driver": "json-file" }',
    good: '{ "log-driver": "json-file", "log-opts": { "max-size": "10m", "max-file": "3" } }',
  },
  judge: (engine, context) => {
    const excused = withoutDaemon(engine);
    if (excused !== null) return excused;
    const silent = containersOf(engine, context).filter(
      ({ declared: asked, self }) => !self && asked.ok && asked.value.logDriver === "none",
    );
    const own =
      silent.length === 0
        ? []
        : [
            fail(
              `${listed(silent.map(({ name }) => name))} ${silent.length === 1 ? "writes" : "write"} no log at all`,
              silent
                .slice(0, 5)
                .flatMap(({ declared: asked }) =>
                  asked.ok ? [declared(asked.value.source, "none", "HostConfig.LogConfig.Type")] : [],
                ),
              { key: "containers" },
            ),
          ];
    return [judgeDefault(engine, context), ...own];
  },
});

function judgeDefault(engine: EngineEvidence, context: JudgeContext): Judgement {
  const found = driverOf(engine);
  if ("why" in found) return unknown(found.why);
  const { driver, seen } = found;
  if (driver === "none") return fail("containers write no log at all", [seen], { severity: "high" });
  if (!ON_DISK.has(driver)) return pass(`logs go to ${driver}`, [seen]);
  const bound = driver === "local" ? { bounded: true, seen: [] } : boundOf(engine, context);
  if ("why" in bound) return unknown(bound.why, [seen]);
  if (!bound.bounded) {
    return fail("log files of containers grow without bound (json-file without max-size)", [
      seen,
      ...bound.seen,
    ]);
  }
  const { host } = context;
  if (!engine.local || host === null) {
    return unknown("whether an agent sends the log files on is not seen from here", [seen, ...bound.seen]);
  }
  const shipper = host.services.find((service) => SHIPPERS.has(service.split("/").at(-1) ?? ""));
  return shipper === undefined
    ? fail(
        `logs of containers stay on this host (${driver}, and no agent that sends them on was seen)`,
        [seen, ...bound.seen],
        { severity: "low" },
      )
    : pass(`log files are bounded, and ${shipper} runs on the host`, [
        seen,
        ...bound.seen,
        actual("/proc/*/exe", shipper),
      ]);
}

function driverOf(engine: EngineEvidence): { driver: string; seen: Seen } | { why: string } {
  if (engine.info.ok) {
    const driver = engine.info.value.loggingDriver;
    return { driver, seen: declared("GET /info", driver, "LoggingDriver") };
  }
  const setting = settingOf(engine, "log-driver", "json-file");
  return setting.known
    ? { driver: String(setting.value), seen: setting.seen }
    : { why: `${setting.why}; ${engine.info.why}` };
}

/**
 * Whether json-file is bounded by default. Where the daemon's settings cannot be read, its containers tell:
 * the engine writes its defaults into the settings of each container that it makes.
 */
function boundOf(
  engine: EngineEvidence,
  context: JudgeContext,
): { bounded: boolean; seen: Seen[] } | { why: string } {
  const options = settingOf(engine, "log-opts", {});
  if (options.known) {
    const given = typeof options.value === "object" && options.value !== null ? options.value : {};
    return { bounded: "max-size" in given, seen: [options.seen] };
  }
  const unbounded = containersOf(engine, context).flatMap(({ declared: asked }) =>
    asked.ok && asked.value.logDriver === "json-file" && asked.value.logOptions["max-size"] === undefined
      ? [declared(asked.value.source, "json-file without max-size", "HostConfig.LogConfig")]
      : [],
  );
  return unbounded.length > 0 ? { bounded: false, seen: unbounded.slice(0, 5) } : { why: options.why };
}
