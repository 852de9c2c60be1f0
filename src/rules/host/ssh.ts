import type { HostEvidence } from "#model/evidence/host.ts";
import { got, missing, type Reading } from "#model/reading.ts";
import { isAtLeast, type Severity } from "#model/severity.ts";
import { declared, fail, man, notApplicable, pass, type Rule, rule, unknown } from "../rule.ts";
import { configAt } from "./facts/files.ts";
import { runsAny } from "./facts/services.ts";
import { parseSshdConfig, type SshdConfig, type SshdSetting } from "./facts/sshd-config.ts";

interface SshRule {
  /** `SW-HOST-SSH-<name>` */
  name: string;
  keyword: string;
  title: string;
  severity: Severity;
  /** What sshd does without the setting. */
  usual: string;
  /** How bad a value is; null = it is right. */
  judge: (value: string) => Severity | null;
  good: string;
  bad: string;
  risk: string;
  countermeasure: string;
}

const MAIN = "/etc/ssh/sshd_config";
const MAX_TRIES = 4;

const TABLE: SshRule[] = [
  {
    name: "ROOT-LOGIN",
    keyword: "PermitRootLogin",
    title: "Root may log in over SSH",
    severity: "medium",
    usual: "prohibit-password",
    judge: (value) => (value === "no" ? null : value === "yes" ? "medium" : "info"),
    good: "no",
    bad: "yes",
    risk: "Everybody in the world may guess root's password, and a log that says root does not say who it was.",
    countermeasure:
      "People log in as themselves and use sudo. With prohibit-password root needs a key at least.",
  },
  {
    name: "PASSWORD",
    keyword: "PasswordAuthentication",
    title: "SSH accepts passwords",
    severity: "medium",
    usual: "yes",
    judge: (value) => (value === "no" ? null : "medium"),
    good: "no",
    bad: "yes",
    risk: "Passwords are guessed day and night; one weak account in the group docker is enough to be root.",
    countermeasure:
      "Use keys. Put a key in place and try it in a second session before passwords are switched off; KbdInteractiveAuthentication no closes the same door by PAM.",
  },
  {
    name: "EMPTY-PASSWORD",
    keyword: "PermitEmptyPasswords",
    title: "SSH lets accounts without a password in",
    severity: "high",
    usual: "no",
    judge: (value) => (value === "no" ? null : "high"),
    good: "no",
    bad: "yes",
    risk: "Whoever knows the name of such an account is in.",
    countermeasure: "Leave it off.",
  },
  {
    name: "X11",
    keyword: "X11Forwarding",
    title: "SSH forwards X11",
    severity: "low",
    usual: "no",
    judge: (value) => (value === "no" ? null : "low"),
    good: "no",
    bad: "yes",
    risk: "A taken-over host reads keyboard and screen of the administrator who logs in with forwarding.",
    countermeasure: "A host of containers shows no windows; leave it off.",
  },
  {
    name: "MAX-AUTH-TRIES",
    keyword: "MaxAuthTries",
    title: "SSH allows many tries per connection",
    severity: "low",
    usual: "6",
    judge: (value) => (/^\d+$/.test(value) && Number(value) <= MAX_TRIES ? null : "low"),
    good: String(MAX_TRIES),
    bad: "20",
    risk: "More tries per connection make guessing faster, and failures are logged only from half of them on.",
    countermeasure: `Allow ${MAX_TRIES}; agents that offer many keys need IdentitiesOnly yes on the client.`,
  },
];

export default TABLE.map((entry) =>
  rule({
    id: `SW-HOST-SSH-${entry.name}`,
    subject: "host",
    title: entry.title,
    severity: entry.severity,
    risk: entry.risk,
    countermeasure: entry.countermeasure,
    remediation: {
      host: `set ${entry.keyword} ${entry.good} in ${MAIN}, check with sshd -t, then systemctl reload ssh (sshd on Red Hat)`,
    },
    cis: ["1.2.1"],
    aliases: ["lynis:SSH-7408"],
    references: [man("sshd_config.5")],
    examples: { bad: `${entry.keyword} ${entry.bad}`, good: `${entry.keyword} ${entry.good}` },
    judge: (host) => {
      const config = readConfig(host);
      if (!config.ok) return unknown(config.why);
      if (config.value === null) return notApplicable("there is no SSH server");
      const { global, conditional, unresolved } = config.value;
      const keyword = entry.keyword.toLowerCase();
      const setting = global.get(keyword);
      const value = setting?.value.toLowerCase() ?? entry.usual;
      if (setting === undefined && unresolved.length > 0) {
        return unknown(`${MAIN} includes ${unresolved[0]}, which was not read`);
      }
      const severity = entry.judge(value);
      const seen = setting === undefined ? unset(entry) : written(entry, setting);
      if (severity !== null) {
        const how = setting === undefined ? `is not set, and ${entry.usual} by default` : `is ${value}`;
        const where = setting === undefined ? {} : { remediation: change(entry, setting) };
        return fail(`${entry.keyword} ${how}`, [seen], { severity, ...where });
      }
      for (const exception of conditional.get(keyword) ?? []) {
        const worse = entry.judge(exception.value.toLowerCase());
        if (worse === null) continue;
        return fail(
          `${entry.keyword} is ${value}, but ${exception.value} for Match ${exception.match}`,
          [seen, written(entry, exception)],
          { severity: isAtLeast(worse, "medium") ? "low" : "info", remediation: change(entry, exception) },
        );
      }
      return pass(`${entry.keyword} is ${value}`, [seen]);
    },
  }),
) satisfies Rule<"host">[];

/** The configuration of the SSH server; null = there is no server. */
function readConfig(host: HostEvidence): Reading<SshdConfig | null> {
  const main = configAt(host, MAIN);
  if (!main.ok) return main;
  if (main.value === null) {
    return runsAny(host, ["sshd", "sshd-session"]) === null
      ? got(null)
      : missing(`sshd runs without ${MAIN}; where its settings are is not known`);
  }
  const files = new Map<string, string>();
  const unread: string[] = [];
  for (const [path, content] of Object.entries(host.configs)) {
    if (!path.startsWith("/etc/ssh/")) continue;
    if (!content.ok) unread.push(path);
    else if (content.value !== null) files.set(path, content.value);
  }
  const config = parseSshdConfig(MAIN, files);
  return got({ ...config, unresolved: [...config.unresolved, ...unread] });
}

function written({ keyword }: SshRule, { value, path, line }: SshdSetting) {
  return declared(path, `${keyword} ${value}`, `line ${line}`);
}

function unset({ keyword, usual }: SshRule) {
  return declared(MAIN, `not set (${usual} by default)`, keyword);
}

function change({ keyword, good }: SshRule, { path, line }: SshdSetting): string {
  return `set ${keyword} ${good} in ${path}, line ${line}; check with sshd -t, then systemctl reload ssh (sshd on Red Hat)`;
}
