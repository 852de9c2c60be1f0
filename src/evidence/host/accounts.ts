import type { AccountEvidence, GroupEvidence, HostEvidence, SubordinateRange } from "#model/evidence/host.ts";
import { mapReading, type Reading } from "#model/reading.ts";
import { attemptOptional, type HostFiles } from "../filesystem.ts";

const MAX_SIZE = 4 << 20;

/** State of a password by its field in passwd(5) or shadow(5); the hash itself goes no further. */
export function passwordState(field: string): AccountEvidence["password"] {
  if (field === "") return "empty";
  // crypt(3) makes no hash that begins so; `!` before a hash is what usermod --lock writes.
  return /^[!*]/.test(field) ? "locked" : "set";
}

/** Reads passwd(5) and, where it could be read, shadow(5). Lines that do not fit the format are left out. */
export function parseAccounts(passwd: string, shadow: string | null): AccountEvidence[] {
  const states = new Map<string, AccountEvidence["password"]>();
  for (const [name, field] of fields(shadow ?? "")) {
    if (name !== undefined && field !== undefined) states.set(name, passwordState(field));
  }
  return fields(passwd).flatMap(([name, field, uid, gid, , home, shell]) => {
    const user = integer(uid);
    const group = integer(gid);
    if (!isName(name) || field === undefined || user === null || group === null) return [];
    // `x` sends to shadow(5); who is not listed there cannot log in by password.
    const shadowed = shadow === null ? "unknown" : (states.get(name) ?? "locked");
    return {
      name,
      uid: user,
      gid: group,
      home: home ?? "",
      shell: shell ?? "",
      password: field === "x" ? shadowed : passwordState(field),
    };
  });
}

/** Reads group(5). */
export function parseGroups(text: string): GroupEvidence[] {
  return fields(text).flatMap(([name, , digits, members]) => {
    const gid = integer(digits);
    if (!isName(name) || gid === null) return [];
    const names = (members ?? "").split(",").map((member) => member.trim());
    return { name, gid, members: names.filter((member) => member !== "") };
  });
}

/** Reads subuid(5) and subgid(5). */
export function parseSubordinates(text: string): SubordinateRange[] {
  return fields(text).flatMap(([owner, first, length]) => {
    const start = integer(first);
    const count = integer(length);
    return isName(owner) && start !== null && count !== null ? { owner, start, count } : [];
  });
}

/** The accounts of the host. */
export function collectAccounts(
  files: HostFiles,
): Pick<HostEvidence, "accounts" | "groups" | "subuids" | "subgids"> {
  const read = (path: string): Reading<string | null> =>
    attemptOptional(path, () => files.read(path, MAX_SIZE));
  const shadow = read("/etc/shadow");
  const secrets = shadow.ok ? shadow.value : null;
  return {
    accounts: mapReading(read("/etc/passwd"), (text) => parseAccounts(text ?? "", secrets)),
    groups: mapReading(read("/etc/group"), (text) => parseGroups(text ?? "")),
    subuids: mapReading(read("/etc/subuid"), (text) => parseSubordinates(text ?? "")),
    subgids: mapReading(read("/etc/subgid"), (text) => parseSubordinates(text ?? "")),
  };
}

function fields(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.includes(":") && !line.startsWith("#"))
    .map((line) => line.trimEnd().split(":"));
}

// `+` and `-` begin the entries of NIS (nsswitch.conf(5), compat), which name no account of this host.
function isName(name: string | undefined): name is string {
  return name !== undefined && name !== "" && !/^[+-]/.test(name);
}

function integer(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text.trim()) ? Number(text) : null;
}
