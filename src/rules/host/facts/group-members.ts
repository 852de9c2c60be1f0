import type { HostEvidence } from "#model/evidence/host.ts";
import { got, missing, type Reading } from "#model/reading.ts";

/** Who is in the group `gid`: by group(5), and by passwd(5) those whose first group it is. Sorted, no root. */
export function groupMembers(host: HostEvidence, gid: number): Reading<string[]> {
  const { groups, accounts } = host;
  if (!groups.ok) return missing(groups.why);
  if (!accounts.ok) return missing(accounts.why);
  const listed = groups.value.filter((group) => group.gid === gid).flatMap(({ members }) => members);
  const primary = accounts.value.filter((account) => account.gid === gid).map(({ name }) => name);
  const superusers = new Set(accounts.value.filter(({ uid }) => uid === 0).map(({ name }) => name));
  return got([...new Set([...listed, ...primary])].filter((name) => !superusers.has(name)).toSorted());
}
