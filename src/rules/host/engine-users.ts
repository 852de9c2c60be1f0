import type { HostEvidence } from "#model/evidence/host.ts";
import type { Seen } from "#model/finding.ts";
import { type Severity, severityRank } from "#model/severity.ts";
import {
  actual,
  declared,
  fail,
  type JudgeContext,
  man,
  notApplicable,
  page,
  pass,
  type Rule,
  rule,
  unknown,
} from "../rule.ts";
import { engineSockets } from "./facts/daemon-places.ts";
import { localEngines } from "./facts/engines.ts";
import { groupName, octal, shellWord, userName } from "./facts/files.ts";
import { groupMembers } from "./facts/group-members.ts";
import type { Place } from "./facts/places.ts";
import { parseSudoers, usersBehind } from "./facts/sudoers.ts";

/** One way by which a user controls an engine. */
interface Way {
  user: string;
  how: string;
  severity: Severity;
  seen: Seen;
  remediation: string;
}

interface Found {
  ways: Way[];
  unread: string[];
}

export default rule({
  id: "SW-HOST-ENGINE-USERS",
  subject: "host",
  title: "A user controls the engine who is not on the list",
  severity: "high",
  risk: "Who may talk to the engine is root on the host: one container that mounts / is enough. Membership in the docker group is root without a password and without sudo's log.",
  countermeasure:
    "Keep the list of people short and write it down (settings.engineUsers in seaworthy.yaml). People who only need to run containers of their own can have a rootless engine each; others get single commands by an authorization plugin.",
  remediation: {
    host: "gpasswd --delete USER docker; or name the user in settings.engineUsers of seaworthy.yaml",
  },
  cis: ["1.1.2"],
  references: [
    page(
      "Docker docs: daemon attack surface",
      "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
    ),
    man("group.5"),
    man("sudoers.5"),
  ],
  examples: {
    bad: "docker:x:105:alice,bob",
    good: "docker:x:105:alice\n\n# seaworthy.yaml\nsettings:\n  engineUsers: [alice]",
  },
  judge: (host, context) => {
    if (localEngines(context).length === 0) return notApplicable("no engine runs on this host");
    const { found, unread } = engineSockets(host, context);
    const sockets = bySockets(host, found);
    const sudo = bySudo(host);
    const trusted = new Set(context.settings.engineUsers);
    const judged = byUser([...sockets.ways, ...sudo.ways].filter(({ user }) => !trusted.has(user)));
    const reasons = [...new Set([...unread, ...sockets.unread, ...sudo.unread])];
    if (reasons.length > 0) judged.push({ ...unknown(reasons.join("; ")), key: "unread" });
    if (judged.length > 0) return judged;
    return pass(passMessage(context), found.flatMap(seenSocket));
  },
}) satisfies Rule<"host">;

function bySockets(host: HostEvidence, places: readonly Place[]): Found {
  const ways: Way[] = [];
  const unread: string[] = [];
  for (const { path, stat, engineUser, abstract } of places) {
    if (abstract) {
      ways.push(everybody(`${path} is an abstract socket without a mode`, actual("/proc/net/unix", path)));
      continue;
    }
    if (!stat.ok) {
      unread.push(stat.why);
      continue;
    }
    const { uid, gid, mode } = stat.value;
    const seen = actual("lstat", `${uid}:${gid} ${octal(mode)}`, path);
    // connect(2) asks for write permission and nothing else, unix(7).
    if ((mode & 0o002) !== 0) ways.push(everybody(`${path} may be written by everybody`, seen));
    if (uid !== 0 && uid !== engineUser) {
      ways.push({
        user: userName(host, uid),
        how: `owns ${path}`,
        severity: "high",
        seen,
        remediation: `chown root ${shellWord(path)}`,
      });
    }
    if ((mode & 0o020) === 0) continue;
    const members = groupMembers(host, gid);
    const group = groupName(host, gid);
    if (!members.ok) unread.push(`members of the group ${group}: ${members.why}`);
    for (const user of members.ok ? members.value : []) {
      if (engineUser !== null && user === userName(host, engineUser)) continue;
      ways.push({
        user,
        how: `is in the group ${group} of ${path}`,
        severity: "high",
        seen: actual("/etc/group", `${group} (gid ${gid}): ${user}`, path),
        remediation: `gpasswd --delete ${shellWord(user)} ${shellWord(group)}; it ends with the user's next login`,
      });
    }
  }
  return { ways, unread };
}

function everybody(how: string, seen: Seen): Way {
  return { user: "every user", how, severity: "critical", seen, remediation: "close the socket: chmod 0660" };
}

function bySudo(host: HostEvidence): Found {
  if (!host.sudoers.ok) return { ways: [], unread: [`sudoers: ${host.sudoers.why}`] };
  const ways: Way[] = [];
  const unread: string[] = [];
  for (const { who, passwordless, line } of parseSudoers(host.sudoers.value)) {
    for (const name of who) {
      const users = usersBehind(host, name);
      if (users === null) unread.push(`sudoers: who ${name} stands for is not known`);
      for (const user of users ?? []) {
        ways.push({
          user,
          how: `may run it by sudo${passwordless ? " without a password" : ""}`,
          // With a password and sudo's log it is an administrator's ordinary way.
          severity: passwordless ? "medium" : "low",
          seen: declared("sudoers", line),
          remediation: `remove ${shellWord(name)} from that line with visudo`,
        });
      }
    }
  }
  return { ways, unread };
}

function byUser(ways: readonly Way[]) {
  const users = new Map<string, Way[]>();
  for (const way of ways) users.set(way.user, [...(users.get(way.user) ?? []), way]);
  return [...users].map(([user, own]) => {
    const worst = own.toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity));
    return fail(
      `${user} controls the engine: ${[...new Set(worst.map(({ how }) => how))].join(", ")}`,
      worst.map(({ seen }) => seen).slice(0, 10),
      {
        key: user,
        severity: worst[0]?.severity ?? "high",
        remediation: [
          ...new Set(worst.map(({ remediation }) => remediation)),
          user === "every user" ? "" : "or name the user in settings.engineUsers of seaworthy.yaml",
        ]
          .filter((text) => text !== "")
          .join("; "),
      },
    );
  });
}

function passMessage({ settings: { engineUsers } }: JudgeContext): string {
  return engineUsers.length === 0
    ? "nobody but root controls the engine"
    : `nobody controls the engine but root and ${engineUsers.join(", ")}`;
}

function seenSocket({ path, stat }: Place): Seen[] {
  if (!stat.ok) return [];
  const { uid, gid, mode } = stat.value;
  return [actual("lstat", `${uid}:${gid} ${octal(mode)}`, path)];
}
