import type { FileStat } from "#model/evidence/file.ts";
import type { HostEvidence } from "#model/evidence/host.ts";
import { missing, type Reading } from "#model/reading.ts";

/** Owner and mode of a path; null = there is none. A path that nobody looked at is a missing reading. */
export function fileAt(host: HostEvidence, path: string): Reading<FileStat | null> {
  return host.files[path] ?? missing(`${path}: its owner and mode were not read`);
}

/** Text of a small configuration file; null = there is none. */
export function configAt(host: HostEvidence, path: string): Reading<string | null> {
  return host.configs[path] ?? missing(`${path}: was not read`);
}

/** Permission bits as people write them: `0644`, `4755`. */
export function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

/** Name of a user of the host, `uid 1000` where passwd(5) has none. */
export function userName(host: HostEvidence, uid: number): string {
  const account = host.accounts.ok ? host.accounts.value.find((entry) => entry.uid === uid) : undefined;
  return account?.name ?? (uid === 0 ? "root" : `uid ${uid}`);
}

/** Name of a group of the host, `gid 105` where group(5) has none. */
export function groupName(host: HostEvidence, gid: number): string {
  const group = host.groups.ok ? host.groups.value.find((entry) => entry.gid === gid) : undefined;
  return group?.name ?? (gid === 0 ? "root" : `gid ${gid}`);
}

/** `text` as one word of a shell command, so that a remediation can be pasted whatever a path holds. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * One spelling per path: `/var/run` is `/run`, and `/bin`, `/sbin`, `/lib` lie below `/usr`, as every current
 * distribution links them (file-hierarchy(7)); no slash at the end.
 */
export function canonicalPath(path: string): string {
  const plain = path.replaceAll(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "");
  return plain.replace(/^\/var\/run(?=\/|$)/, "/run").replace(/^\/(bin|sbin|lib|lib64)(?=\/|$)/, "/usr/$1");
}

/** True if `path` is `folder` or lies below it; both as {@link canonicalPath} writes them. */
export function isWithin(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}
