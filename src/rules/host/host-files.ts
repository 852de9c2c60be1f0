import type { FileStat } from "#model/evidence/file.ts";
import type { Severity } from "#model/severity.ts";
import { actual, fail, type Judgement, man, notApplicable, pass, type Rule, rule, unknown } from "../rule.ts";
import { fileAt, groupName, octal, shellWord, userName } from "./facts/files.ts";

interface HostFile {
  /** `SW-HOST-FILE-<name>` */
  name: string;
  /** The first that exists counts. */
  paths: readonly string[];
  /** The most that the mode may hold. */
  allowed: number;
  /** Of a mode that only lets read more than needed. */
  readable: Severity;
  risk: string;
  countermeasure: string;
  manual: string;
}

const HASH_RISK = "It holds the hashes of passwords: who can read it tries passwords at leisure.";
const ACCOUNT_RISK = "Who can write it makes an account of theirs root.";
const CRON_RISK = "What stands here runs as root. Who can write it is root within the hour.";
const CRON_COUNTERMEASURE =
  "Only root writes it. That others read it is no fault in itself, but the commands often name where to attack.";

const TABLE: HostFile[] = [
  file(
    "SHADOW",
    ["/etc/shadow"],
    0o640,
    "high",
    HASH_RISK,
    "Only root and the group shadow read it.",
    "shadow.5",
  ),
  file(
    "GSHADOW",
    ["/etc/gshadow"],
    0o640,
    "high",
    HASH_RISK,
    "Only root and the group shadow read it.",
    "gshadow.5",
  ),
  file(
    "PASSWD",
    ["/etc/passwd"],
    0o644,
    "low",
    ACCOUNT_RISK,
    "Everybody reads it, only root writes it.",
    "passwd.5",
  ),
  file(
    "GROUP",
    ["/etc/group"],
    0o644,
    "low",
    "Who can write it joins the group docker, and so is root.",
    "Everybody reads it, only root writes it.",
    "group.5",
  ),
  file(
    "SUDOERS",
    ["/etc/sudoers"],
    0o440,
    "low",
    "Who can write it may run everything as root; who can read it sees whose account is worth taking.",
    "Edit it by visudo, which keeps the mode.",
    "sudoers.5",
  ),
  file("CRONTAB", ["/etc/crontab"], 0o600, "info", CRON_RISK, CRON_COUNTERMEASURE, "crontab.5"),
  ...["cron.d", "cron.hourly", "cron.daily", "cron.weekly", "cron.monthly"].map((folder) =>
    file(
      folder.toUpperCase().replace(".", "-"),
      [`/etc/${folder}`],
      0o700,
      "info",
      CRON_RISK,
      CRON_COUNTERMEASURE,
      "crontab.5",
    ),
  ),
  file(
    "SSHD-CONFIG",
    ["/etc/ssh/sshd_config"],
    0o600,
    "info",
    "Who can write it opens the host: a login of root, an empty password, a command for every session.",
    "Only root writes it; nobody else needs to read it.",
    "sshd_config.5",
  ),
  file(
    "GRUB-CFG",
    ["/boot/grub/grub.cfg", "/boot/grub2/grub.cfg"],
    0o600,
    "low",
    "Who can write it starts the kernel without its protections (lsm=, mitigations=off); who can read it may find the hash of the boot password.",
    "Only root reads and writes it; grub-mkconfig makes it so.",
    "grub-mkconfig.8",
  ),
];

function file(
  name: string,
  paths: readonly string[],
  allowed: number,
  readable: Severity,
  risk: string,
  countermeasure: string,
  manual: string,
): HostFile {
  return { name, paths, allowed, readable, risk, countermeasure, manual };
}

export default TABLE.map((entry) => {
  const usual = entry.paths[0] ?? "";
  return rule({
    id: `SW-HOST-FILE-${entry.name}`,
    subject: "host",
    title: `${usual} is open to more users than needed`,
    severity: "high",
    risk: entry.risk,
    countermeasure: entry.countermeasure,
    remediation: { host: `chown root ${usual}; chmod ${octal(entry.allowed)} ${usual}` },
    cis: ["1.2.1"],
    aliases: ["lynis:FILE-7524"],
    references: [man(entry.manual), man("chmod.1")],
    examples: { bad: `chmod 0666 ${usual}`, good: `chmod ${octal(entry.allowed)} ${usual}` },
    judge: (host) => {
      const reasons: string[] = [];
      // A path that was not looked at counts only if no other one was.
      const known = entry.paths.filter((path, at) => at === 0 || host.files[path] !== undefined);
      for (const path of known) {
        const stat = fileAt(host, path);
        if (!stat.ok) reasons.push(stat.why);
        else if (stat.value !== null) {
          const { uid, gid } = stat.value;
          return judgeFile(entry, stat.value, userName(host, uid), groupName(host, gid));
        }
      }
      return reasons.length > 0 ? unknown(reasons.join("; ")) : notApplicable(`there is no ${usual}`);
    },
  });
}) satisfies Rule<"host">[];

function judgeFile(entry: HostFile, stat: FileStat, owner: string, group: string): Judgement {
  const { path, uid, gid, mode, type } = stat;
  if (type === "link") return unknown(`${path} is a symbolic link; the mode of its target was not read`);
  const evidence = [actual("lstat", `${uid}:${gid} ${octal(mode)}`, path)];
  const word = shellWord(path);
  if (uid !== 0) {
    return fail(`${path} belongs to ${owner}, not to root`, evidence, { remediation: `chown root ${word}` });
  }
  const excess = mode & ~entry.allowed;
  if (excess === 0) return pass(`${path} has mode ${octal(mode)}`, evidence);
  const remediation = `chmod ${octal(mode & entry.allowed)} ${word}`;
  if ((excess & 0o002) !== 0) {
    return fail(`everybody may write ${path} (${octal(mode)})`, evidence, { remediation });
  }
  if ((excess & 0o020) !== 0) {
    return fail(`the group ${group} may write ${path} (${octal(mode)})`, evidence, {
      remediation,
      ...(gid === 0 ? { severity: "low" } : {}),
    });
  }
  return fail(`${path} has mode ${octal(mode)}, more than ${octal(entry.allowed)}`, evidence, {
    severity: (excess & 0o044) !== 0 ? entry.readable : "info",
    remediation,
  });
}
