import type { Rule } from "../rule.ts";
import { CIS_DOCKER_1_8 } from "./cis-docker-table.ts";

/** Versions of the CIS Docker Benchmark whose numbering we know. */
export const CIS_VERSIONS = ["1.8", "1.7", "1.6"] as const;
export type CisVersion = (typeof CIS_VERSIONS)[number];

const OLDER_ID = new Map(CIS_DOCKER_1_8.map(([id, older]) => [id, older]));

/** The id of a 1.8 recommendation in another version's numbering; null if that version lacks it. */
export function cisId(id: string, version: CisVersion): string | null {
  return version === "1.8" ? id : (OLDER_ID.get(id) ?? null);
}

/** All other names of a rule, with its CIS ids in every numbering. */
export function aliasesOf(rule: Pick<Rule, "cis" | "aliases">): string[] {
  const cis = (rule.cis ?? []).flatMap((id) =>
    CIS_VERSIONS.flatMap((version) => {
      const numbered = cisId(id, version);
      return numbered === null ? [] : [`cis-docker-${version}:${numbered}`];
    }),
  );
  return [...cis, ...(rule.aliases ?? [])];
}
