import type { AccountEvidence, HostEvidence, SubordinateRange } from "#model/evidence/host.ts";
import type { Reading } from "#model/reading.ts";
import {
  declared,
  fail,
  type JudgeContext,
  type Judgement,
  man,
  notApplicable,
  page,
  pass,
  type Rule,
  rule,
  unknown,
} from "../rule.ts";
import { localEngines, subordinateIdOwner } from "./facts/engines.ts";
import { shellWord } from "./facts/files.ts";

/** Ids that an image may use: those of a 16-bit system, as in nearly every image (`nobody` is 65534). */
const NEEDED = 65536;
const FILES = [
  { file: "/etc/subuid", of: "subuids", kind: "user" },
  { file: "/etc/subgid", of: "subgids", kind: "group" },
] as const;
const SHOWN = 5;

const REFERENCES = [
  man("subuid.5"),
  man("user_namespaces.7"),
  page("Docker docs: user namespaces", "https://docs.docker.com/engine/security/userns-remap/"),
];

const overlap = rule({
  id: "SW-HOST-SUBID-OVERLAP",
  subject: "host",
  title: "Two users share subordinate ids",
  severity: "high",
  risk: "Containers of both run under the same ids of the host: who breaks out of one reads and kills the processes and files of the other.",
  countermeasure: "Give each user a range of their own; useradd and usermod pick free ones.",
  remediation: {
    host: "usermod --del-subuids FIRST-LAST --add-subuids FIRST-LAST USER, then make the user's containers and volumes anew",
  },
  cis: ["2.10"],
  references: REFERENCES,
  examples: {
    bad: "# /etc/subuid\nalice:100000:65536\nbob:150000:65536",
    good: "# /etc/subuid\nalice:100000:65536\nbob:165536:65536",
  },
  judge: (host, context) =>
    judgeFiles(host, context, ({ file, ranges }) => {
      const pairs = overlaps(ranges);
      if (pairs.length === 0) return null;
      const [first] = pairs;
      const more = pairs.length > 1 ? ` and ${pairs.length - 1} more ranges` : "";
      return fail(
        `${first?.[0].owner} and ${first?.[1].owner} share ids in ${file}${more}`,
        pairs.slice(0, SHOWN).flatMap((pair) => pair.map((range) => declared(file, rangeText(range)))),
      );
    }),
});

const small = rule({
  id: "SW-HOST-SUBID-TOO-SMALL",
  subject: "host",
  title: "The engine's user has too few subordinate ids",
  severity: "medium",
  risk: "Files and processes of images under ids that are not mapped become nobody's: containers fail to start, and people switch the user namespace off to get on.",
  countermeasure: `Give the user ${NEEDED} ids, as many as images may use.`,
  remediation: {
    host: "usermod --add-subuids FIRST-LAST --add-subgids FIRST-LAST USER, then restart the engine",
  },
  cis: ["2.10"],
  references: REFERENCES,
  examples: { bad: "# /etc/subuid\ndockremap:100000:1000", good: "# /etc/subuid\ndockremap:100000:65536" },
  judge: (host, context) =>
    judgeFiles(host, context, ({ file, ranges, kind, owners }) => {
      const unnamed = owners.find(({ owner, uid }) => owner === null && uid === null);
      for (const { engine, owner, uid } of owners) {
        const own = ranges.filter((range) => range.owner === owner || range.owner === String(uid));
        if (owner === null && uid === null) continue;
        const count = own.reduce((sum, range) => sum + range.count, 0);
        if (count >= NEEDED) continue;
        const name = owner ?? String(uid);
        return fail(
          `${name}, the user of ${engine}, has ${count === 0 ? "no" : `only ${count}`} subordinate ${kind} ids in ${file}`,
          own.length === 0
            ? [declared(file, `no line for ${name}`)]
            : own.slice(0, SHOWN).map((range) => declared(file, rangeText(range))),
          {
            remediation: `usermod --add-sub${kind === "user" ? "uids" : "gids"} FIRST-LAST ${shellWord(name)} with ${NEEDED} free ids, then restart the engine`,
          },
        );
      }
      return unnamed === undefined
        ? null
        : unknown(`whose ids ${unnamed.engine} uses is not known; run as root`);
    }),
});

const real = rule({
  id: "SW-HOST-SUBID-REAL",
  subject: "host",
  title: "Subordinate ids include those of real accounts",
  severity: "high",
  risk: "A process in a container can take the id of that account on the host, and with it its files and processes. With id 0 among them, the container is root.",
  countermeasure:
    "Let ranges begin at 100000 or above, where no account has its id (SUB_UID_MIN of login.defs).",
  remediation: { host: "move the range: usermod --del-subuids FIRST-LAST --add-subuids FIRST-LAST USER" },
  cis: ["2.10"],
  references: [...REFERENCES, man("login.defs.5")],
  examples: { bad: "# /etc/subuid\ndockremap:1000:65536", good: "# /etc/subuid\ndockremap:100000:65536" },
  judge: (host, context) =>
    judgeFiles(host, context, ({ file, ranges, kind }) => {
      const ids = kind === "user" ? named(host.accounts, ({ uid }) => uid) : groupIds(host);
      if (!ids.ok) return unknown(ids.why);
      const covered = ranges.flatMap((range) => {
        const inside = ids.value.filter(({ id }) => id >= range.start && id < range.start + range.count);
        return inside.length === 0 ? [] : [{ range, inside }];
      });
      const [first] = covered;
      if (first === undefined) return null;
      const isRoot = covered.some(({ inside }) => inside.some(({ id }) => id === 0));
      const names = first.inside.slice(0, SHOWN).map(({ name, id }) => `${name} (${id})`);
      return fail(
        `the range of ${first.range.owner} in ${file} holds ${kind} ids of the host: ${names.join(", ")}`,
        covered.slice(0, SHOWN).map(({ range }) => declared(file, rangeText(range))),
        isRoot ? { severity: "critical" } : {},
      );
    }),
});

export default [overlap, small, real] satisfies Rule<"host">[];

interface SubordinateFile {
  file: string;
  kind: "user" | "group";
  ranges: SubordinateRange[];
  owners: { engine: string; owner: string | null; uid: number | null }[];
}

/** Judges both files where an engine uses user namespaces; one judgement per file that has a fault. */
function judgeFiles(
  host: HostEvidence,
  context: JudgeContext,
  judge: (given: SubordinateFile) => Judgement | null,
): Judgement | Judgement[] {
  const owners: SubordinateFile["owners"] = [];
  const unread: string[] = [];
  for (const engine of localEngines(context)) {
    const owner = subordinateIdOwner(engine, host);
    if (!owner.ok) unread.push(owner.why);
    else if (owner.value !== null) owners.push({ engine: engine.name, ...owner.value });
  }
  if (owners.length === 0) {
    return unread.length > 0
      ? unknown(unread.join("; "))
      : notApplicable("no engine here runs its containers in a user namespace");
  }
  const faults = FILES.flatMap(({ file, of, kind }): Judgement[] => {
    const ranges = host[of];
    if (!ranges.ok) return [{ ...unknown(ranges.why), key: file }];
    const fault = judge({ file, kind, owners, ranges: ranges.value.filter(({ count }) => count > 0) });
    return fault === null ? [] : [{ ...fault, key: file }];
  });
  if (faults.length > 0) return faults;
  return pass(
    "subordinate ids are as they should be",
    FILES.flatMap(({ file, of }) => {
      const ranges = host[of];
      return ranges.ok ? ranges.value.slice(0, SHOWN).map((range) => declared(file, rangeText(range))) : [];
    }),
  );
}

// In order of their start, a range overlaps an earlier one only if it begins before the furthest end so far.
function overlaps(ranges: readonly SubordinateRange[]): [SubordinateRange, SubordinateRange][] {
  const pairs: [SubordinateRange, SubordinateRange][] = [];
  let furthest: SubordinateRange | null = null;
  let other: SubordinateRange | null = null;
  for (const range of ranges.toSorted((a, b) => a.start - b.start || b.count - a.count)) {
    // Ranges of one user may overlap; `other` is the furthest one of anybody else than `furthest`'s owner.
    const rival = furthest?.owner === range.owner ? other : furthest;
    if (rival !== null && range.start < rival.start + rival.count) pairs.push([rival, range]);
    const end = range.start + range.count;
    if (furthest === null || end > furthest.start + furthest.count) {
      if (furthest !== null && furthest.owner !== range.owner) other = furthest;
      furthest = range;
    } else if (furthest.owner !== range.owner && (other === null || end > other.start + other.count)) {
      other = range;
    }
  }
  return pairs;
}

function rangeText({ owner, start, count }: SubordinateRange): string {
  return `${owner}:${start}:${count}`;
}

function named(
  accounts: Reading<AccountEvidence[]>,
  id: (account: AccountEvidence) => number,
): Reading<{ name: string; id: number }[]> {
  return accounts.ok
    ? { ok: true, value: accounts.value.map((account) => ({ name: account.name, id: id(account) })) }
    : accounts;
}

function groupIds({ groups }: HostEvidence): Reading<{ name: string; id: number }[]> {
  return groups.ok ? { ok: true, value: groups.value.map(({ name, gid }) => ({ name, id: gid })) } : groups;
}
