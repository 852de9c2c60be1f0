import type { Finding } from "#model/finding.ts";
import type { Compliance, Recommendation, RecommendationState } from "#model/report.ts";
import type { Rule } from "../rule.ts";
import { RULES } from "../index.ts";
import { cisId, type CisVersion } from "./cis-docker.ts";
import { CIS_DOCKER_1_8, CIS_DOCKER_MANUAL, CIS_DOCKER_SECTIONS } from "./cis-docker-table.ts";

/**
 * What the findings say of every recommendation of the CIS Docker Benchmark, in one version's numbering.
 *
 * A recommendation fails if any rule for it fails on any subject, is unknown if none fails but something could
 * not be read, and manual if no rule judges it. An exception of the policy does not make it pass.
 */
export function complianceOf(
  findings: readonly Finding[],
  version: CisVersion,
  rules: readonly Rule[] = RULES,
): Compliance {
  const sections = new Map<string, Recommendation[]>(CIS_DOCKER_SECTIONS.map(([id]) => [id, []]));
  const byRule = new Map<string, Finding[]>();
  for (const finding of findings) {
    const list = byRule.get(finding.ruleId);
    if (list === undefined) byRule.set(finding.ruleId, [finding]);
    else list.push(finding);
  }
  for (const [id, , level, title] of CIS_DOCKER_1_8) {
    const numbered = cisId(id, version);
    if (numbered === null) continue;
    const judging = rules.filter(({ cis }) => cis?.includes(id) === true);
    const related = judging.flatMap(({ id: ruleId }) => byRule.get(ruleId) ?? []);
    const failed = related.filter(({ verdict }) => verdict === "fail");
    const judged = stateOf(judging.length > 0, related);
    // A rule that the policy has not told what to look for has judged nothing: a person still has to.
    const lookAt = CIS_DOCKER_MANUAL[id] ?? "";
    const state = judged === "not-applicable" && lookAt !== "" ? "manual" : judged;
    sections.get(sectionOf(id))?.push({
      id: numbered,
      title,
      level,
      state,
      ruleIds: judging.map(({ id: ruleId }) => ruleId),
      failures: new Set(failed.map(({ subject }) => `${subject.kind}/${subject.name}`)).size,
      lookAt: state === "manual" ? lookAt : "",
    });
  }
  return {
    benchmark: `cis-docker-${version}`,
    title: `CIS Docker Benchmark ${version}.0 (own rules, mapped to its recommendations)`,
    sections: CIS_DOCKER_SECTIONS.map(([id, title]) => ({
      id,
      title,
      recommendations: sections.get(id) ?? [],
    })),
  };
}

function stateOf(judged: boolean, findings: readonly Finding[]): RecommendationState {
  if (!judged) return "manual";
  const has = (verdict: Finding["verdict"]): boolean =>
    findings.some((finding) => finding.verdict === verdict);
  if (has("fail")) return "fail";
  if (has("unknown")) return "unknown";
  return has("pass") ? "pass" : "not-applicable";
}

/** `1.1` and `1.2` stand apart, all other chapters are one section each. */
function sectionOf(id: string): string {
  return id.startsWith("1.") ? id.split(".").slice(0, 2).join(".") : (id.split(".")[0] ?? id);
}
