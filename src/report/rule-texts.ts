import type { Finding } from "#model/finding.ts";
import { RULES } from "#rules/index.ts";
import { remediationText } from "#rules/judge.ts";
import type { Reference } from "#rules/rule.ts";
import type { Severity } from "#model/severity.ts";

/** What a report says of a rule besides its findings. */
export interface RuleTexts {
  id: string;
  title: string;
  severity: Severity;
  risk: string;
  countermeasure: string;
  /** One line for each place where it can be fixed. */
  remediation: string;
  references: Reference[];
}

const BY_ID = new Map(RULES.map((rule) => [rule.id, rule]));

/** The texts of a finding's rule. A rule that this version lacks has only what the finding says. */
export function ruleTexts({ ruleId, title, severity, remediation }: Finding): RuleTexts {
  const rule = BY_ID.get(ruleId);
  if (rule === undefined) {
    return { id: ruleId, title, severity, risk: "", countermeasure: "", remediation, references: [] };
  }
  const { risk, countermeasure, references } = rule;
  return {
    id: ruleId,
    title: rule.title,
    severity: rule.severity,
    risk,
    countermeasure,
    remediation: remediationText(rule),
    references,
  };
}

/** One finding of each rule, by rule id. */
export function findingsByRule(findings: readonly Finding[]): Finding[] {
  const first = new Map<string, Finding>();
  for (const finding of findings) if (!first.has(finding.ruleId)) first.set(finding.ruleId, finding);
  return [...first.values()].toSorted((a, b) => (a.ruleId < b.ruleId ? -1 : 1));
}
