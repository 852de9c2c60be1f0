import type { AuditWatch } from "#model/evidence/host.ts";
import { canonicalPath, isWithin } from "./files.ts";

/** What the audit rules record of one path. */
export interface Watched {
  /** Letters of `rwxa` that all rules for the path record together. */
  permissions: string;
  /** Rules that cover it. */
  rules: AuditWatch[];
  /** Rules that name a folder but not what is in it: `-F path=` does not reach below (auditctl(8)). */
  shallow: AuditWatch[];
}

/** Which of `watches` record something of `path`. A folder counts only if what lies in it is watched. */
export function watchesOf(watches: readonly AuditWatch[], path: string, isFolder: boolean): Watched {
  const target = canonicalPath(path);
  const rules: AuditWatch[] = [];
  const shallow: AuditWatch[] = [];
  for (const watch of watches) {
    const place = canonicalPath(watch.path);
    if (place === target) (isFolder && !watch.recursive ? shallow : rules).push(watch);
    else if (watch.recursive && isWithin(target, place)) rules.push(watch);
  }
  const letters = new Set(rules.flatMap(({ permissions }) => [...permissions]));
  return { permissions: [..."rwxa"].filter((letter) => letters.has(letter)).join(""), rules, shallow };
}

/** True if replacing the file or changing its mode leaves a record; for programs, running it counts too. */
export function isEnough(permissions: string, isProgram: boolean): boolean {
  const changes = permissions.includes("w") && permissions.includes("a");
  return changes || (isProgram && permissions.includes("x"));
}

/** A watch as auditctl(8) takes it. */
export function watchText({ path, permissions }: Pick<AuditWatch, "path" | "permissions">): string {
  return `-w ${path} -p ${permissions}`;
}
