import type { FileStat } from "#model/evidence/file.ts";
import type { HostEvidence } from "#model/evidence/host.ts";
import { actual, fail, type Judgement, man, notApplicable, pass, type Rule, rule, unknown } from "../rule.ts";
import { ENGINE_FILES, type EngineFile } from "./facts/engine-files.ts";
import { groupName, shellWord, userName } from "./facts/files.ts";
import { groupMembers } from "./facts/group-members.ts";
import type { Place } from "./facts/places.ts";

export default ENGINE_FILES.map((file) => {
  const wanted = file.kind === "engine-socket" ? "root:docker" : "root:root";
  return rule({
    id: `SW-HOST-FILE-${file.name}-OWNER`,
    subject: "host",
    title: `${file.what} ${file.plural ? "do" : "does"} not belong to root`,
    severity: "high",
    risk: `${file.risk} An owner may write, whatever the mode says: chmod is theirs.`,
    countermeasure: file.countermeasure,
    remediation: { host: `chown ${wanted} ${file.usual}` },
    cis: [file.cisOwner],
    references: [man("chown.1"), man(file.kind.endsWith("socket") ? "unix.7" : "inode.7")],
    examples: {
      bad: `chown alice ${file.usual}`,
      good: `chown ${wanted} ${file.usual}`,
    },
    judge: (host, context) => {
      const { found, unread, absent } = file.locate(host, context);
      const places = found.filter(({ abstract }) => !abstract);
      if (places.length === 0) return unread.length > 0 ? unknown(unread.join("; ")) : notApplicable(absent);
      const faults = places.flatMap((place) => judgeOwner(file, place, host) ?? []);
      for (const why of unread) faults.push({ ...unknown(why), key: "unread" });
      if (faults.length > 0) return faults;
      return pass(passMessage(file, places, host), places.flatMap(owners));
    },
  });
}) satisfies Rule<"host">[];

function judgeOwner(
  file: EngineFile,
  { path, stat, engineUser }: Place,
  host: HostEvidence,
): Judgement | null {
  if (!stat.ok) return { ...unknown(stat.why), key: path };
  const { uid, gid, mode, type } = stat.value;
  if (type === "link") {
    return { ...unknown(`${path} is a symbolic link; the owner of its target was not read`), key: path };
  }
  const evidence = [actual("lstat", `${uid}:${gid}`, path)];
  if (uid !== 0 && uid !== engineUser) {
    const owner = engineUser === null ? "root" : userName(host, engineUser);
    // The group of a socket names its users, that of a rootless engine's file is its user's affair.
    const wanted =
      engineUser !== null ? String(engineUser) : file.kind === "engine-socket" ? "root" : "root:root";
    return fail(`${path} belongs to ${userName(host, uid)}, not to ${owner}`, evidence, {
      key: path,
      remediation: `chown ${wanted} ${shellWord(path)}`,
    });
  }
  // The group of the engine's socket is the list of its users: engine-users.ts judges who they are.
  if (gid === 0 || engineUser !== null || file.kind === "engine-socket") return null;
  const writable = (mode & 0o020) !== 0;
  return fail(
    `${path} belongs to the group ${groupName(host, gid)}${writable ? ", which may write it" : " in place of root"}`,
    evidence,
    { key: path, severity: writable ? "high" : "low", remediation: `chown root:root ${shellWord(path)}` },
  );
}

function passMessage(file: EngineFile, places: readonly Place[], host: HostEvidence): string {
  const names = places.flatMap(({ path, stat }) => {
    if (!stat.ok) return [];
    const owner = userName(host, stat.value.uid);
    if (file.kind !== "engine-socket") return [`${path} to ${owner}`];
    return [`${path} to ${owner}:${groupName(host, stat.value.gid)} (${inGroup(host, stat.value)})`];
  });
  const shown = names.length > 5 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
  return `belongs as it should: ${shown.join(", ")}`;
}

function inGroup(host: HostEvidence, { gid }: FileStat): string {
  const members = groupMembers(host, gid);
  if (!members.ok) return "who is in the group could not be read";
  return members.value.length === 0 ? "nobody in the group" : `in the group: ${members.value.join(", ")}`;
}

function owners({ path, stat }: Place) {
  return stat.ok ? [actual("lstat", `${stat.value.uid}:${stat.value.gid}`, path)] : [];
}
