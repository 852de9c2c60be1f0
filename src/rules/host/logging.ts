import type { HostEvidence } from "#model/evidence/host.ts";
import {
  actual,
  declared,
  fail,
  type JudgeContext,
  man,
  page,
  pass,
  type Rule,
  rule,
  unknown,
} from "../rule.ts";
import { forwardsLogs } from "./facts/rsyslog.ts";
import { runsAny } from "./facts/services.ts";

/** Programs whose purpose is to carry logs to another host. */
const SHIPPERS = [
  "systemd-journal-upload",
  "fluent-bit",
  "fluentd",
  "td-agent",
  "td-agent-bit",
  "filebeat",
  "journalbeat",
  "elastic-agent",
  "logstash",
  "promtail",
  "alloy",
  "grafana-agent",
  "vector",
  "otelcol",
  "otelcol-contrib",
  "nxlog",
  "splunkd",
  "amazon-cloudwatch-agent",
  "google_cloud_ops_agent_engine",
];
const SYSLOG = ["rsyslogd", "syslog-ng"];
// A folder that could not be read stands under its own path.
const SYSLOG_FILES = /^\/etc\/(?:rsyslog\.conf|rsyslog\.d(?:\/[^/]+)?|syslog-ng\/.+)$/;

export default rule({
  id: "SW-HOST-REMOTE-LOG",
  subject: "host",
  title: "Logs stay on the host that they tell of",
  severity: "low",
  risk: "Who breaks out of a container and becomes root removes the traces; after a crash of the disk nobody can tell what happened.",
  countermeasure:
    "Send the journal or syslog to another host as it is written: rsyslog (omfwd with TLS), systemd-journal-upload, or the agent of your log store.",
  remediation: {
    host: 'in /etc/rsyslog.d/90-remote.conf: *.* action(type="omfwd" target="logs.example.com" port="6514" protocol="tcp" StreamDriver="gtls" StreamDriverMode="1"); then systemctl restart rsyslog',
  },
  cis: ["1.2.1"],
  aliases: ["lynis:LOGG-2154"],
  references: [
    man("systemd-journal-upload.service.8"),
    page("rsyslog: omfwd", "https://www.rsyslog.com/doc/configuration/modules/omfwd.html"),
  ],
  examples: { bad: "*.* /var/log/syslog", good: "*.* @@logs.example.com:6514" },
  judge: (host, context) => {
    const shipper = runsAny(host, SHIPPERS);
    if (shipper !== null) {
      return pass(`${shipper} carries logs to another host`, [actual("processes", shipper)]);
    }
    const inContainer = shippingContainer(context);
    if (inContainer !== null) {
      return pass(`the container ${inContainer.name} carries logs to another host`, [
        actual("containers", `${inContainer.name}: ${inContainer.image}`),
      ]);
    }
    if (host.services.length === 0) return unknown("the programs that run on the host could not be read");
    const syslog = runsAny(host, SYSLOG);
    if (syslog === null) {
      return fail("no program that carries logs to another host runs here", [
        actual("processes", "no log shipper, rsyslogd or syslog-ng"),
      ]);
    }
    return judgeSyslog(host, syslog);
  },
}) satisfies Rule<"host">;

function judgeSyslog(host: HostEvidence, syslog: string) {
  const files = Object.entries(host.configs).filter(([path]) => SYSLOG_FILES.test(path));
  const read = files.filter(([, content]) => content.ok && content.value !== null);
  for (const [path, content] of read) {
    const line = content.ok && content.value !== null ? forwardsLogs(content.value) : null;
    if (line !== null) return pass(`${syslog} sends logs to another host`, [declared(path, line)]);
  }
  const unread = files.flatMap(([path, content]) => (content.ok ? [] : [`${path}: ${content.why}`]));
  if (read.length === 0 || unread.length > 0) {
    return unknown(unread.join("; ") || `the settings of ${syslog} were not read`);
  }
  return fail(`${syslog} runs, but none of its settings sends logs to another host`, [
    actual("processes", syslog),
    ...read.slice(0, 5).map(([path]) => declared(path, "no line sends to another host")),
  ]);
}

// Shippers often run as containers themselves; their images bear the program's name.
function shippingContainer({ evidence }: JudgeContext) {
  return (
    evidence.containers.find(({ image, state }) => {
      const name =
        image
          .replace(/[:@].*$/, "")
          .split("/")
          .at(-1) ?? "";
      return state === "running" && SHIPPERS.includes(name);
    }) ?? null
  );
}
