import type { HostEvidence } from "#model/evidence/host.ts";
import { userName } from "./files.ts";
import { groupMembers } from "./group-members.ts";

/** What a line of sudoers(5) grants. */
export interface SudoGrant {
  /** Users, `%group`, `#uid`, `%#gid`, `+netgroup`, an alias, or `ALL`; negated ones are left out. */
  who: string[];
  /** No password is asked for. */
  passwordless: boolean;
  line: string;
}

/**
 * Reads user specifications of sudoers(5), as `alice, %ops ALL=(root) NOPASSWD: /usr/bin/docker`. A
 * `User_Alias` among the lines is replaced by its users. Other lines give nothing.
 */
export function parseSudoers(lines: readonly string[]): SudoGrant[] {
  const aliases = new Map<string, string[]>();
  for (const line of lines) {
    const [keyword, definitions] = splitAtBlank(line.trim());
    if (keyword !== "User_Alias") continue;
    for (const definition of definitions.split(" : ")) {
      const [name = "", users = ""] = definition.split("=");
      aliases.set(name.trim(), usersOf(users));
    }
  }
  return lines.flatMap((line): SudoGrant[] => {
    const text = line.trim();
    if (/^(?:#(?!\d)|@|Defaults|(?:User|Runas|Host|Cmnd|Cmd)_Alias\b)/.test(text)) return [];
    // Lists are separated by commas with or without blanks; the first other blank ends the list of users.
    const [users, rest] = splitAtBlank(
      text
        .split(",")
        .map((part) => part.trim())
        .join(","),
    );
    if (!rest.includes("=")) return [];
    const who = usersOf(users)
      .flatMap((user) => aliases.get(user) ?? [user])
      .filter((user) => !user.startsWith("!"));
    if (who.length === 0) return [];
    return [{ who: [...new Set(who)], passwordless: /\bNOPASSWD\s*:/.test(rest), line: text }];
  });
}

/** Users that a name of sudoers(5) stands for; null where that stands elsewhere (LDAP, an alias, a netgroup). */
export function usersBehind(host: HostEvidence, name: string): string[] | null {
  if (name === "ALL") return ["every user"];
  const { groups, accounts } = host;
  const uid = /^#(\d+)$/.exec(name)?.[1];
  if (uid !== undefined) return Number(uid) === 0 ? [] : [userName(host, Number(uid))];
  if (name.startsWith("%")) {
    if (!groups.ok) return null;
    const id = /^%#(\d+)$/.exec(name)?.[1];
    const group = groups.value.find((entry) => entry.name === name.slice(1));
    const gid = id === undefined ? group?.gid : Number(id);
    // A group that does not exist has no members: distributions ship lines for %wheel or %admin.
    if (gid === undefined) return [];
    const members = groupMembers(host, gid);
    return members.ok ? members.value : null;
  }
  if (name.startsWith("+")) return null;
  const account = accounts.ok ? accounts.value.find((entry) => entry.name === name) : undefined;
  if (account !== undefined) return account.uid === 0 ? [] : [name];
  if (name === "root") return [];
  // An alias that is defined elsewhere, as against a user of LDAP.
  return /^[A-Z][A-Z0-9_]*$/.test(name) ? null : [name];
}

// Quoted and escaped blanks belong to the word: "domain users", domain\ users.
function splitAtBlank(text: string): [string, string] {
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === "\\") at += 1;
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && (letter === " " || letter === "\t"))
      return [text.slice(0, at), text.slice(at + 1).trim()];
  }
  return [text, ""];
}

function usersOf(list: string): string[] {
  return list
    .split(",")
    .map((user) => user.trim().replaceAll(/^"|"$/g, "").replaceAll(/\\(.)/g, "$1"))
    .filter((user) => user !== "");
}
