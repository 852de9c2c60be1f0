import { type Subject, SUBJECT_KINDS } from "#model/subject.ts";
import { isGlob, matchesGlob } from "./glob.ts";

/** The names of a rule: its id, and what the field calls it. */
export interface RuleNames {
  ruleId: string;
  aliases: readonly string[];
}

/**
 * How exactly a pattern of the policy names a rule: 3 = by its id, 2 = by an alias (`cis-docker-1.8:5.16`,
 * which several rules may share), 1 = by a glob over ids and aliases, 0 = not at all.
 */
export function exactness(pattern: string, rule: RuleNames): 0 | 1 | 2 | 3 {
  if (pattern === rule.ruleId) return 3;
  if (rule.aliases.includes(pattern)) return 2;
  if (!isGlob(pattern)) return 0;
  return [rule.ruleId, ...rule.aliases].some((name) => matchesGlob(pattern, name)) ? 1 : 0;
}

/** True if a pattern of the policy names a rule. */
export function matchesRule(pattern: string, rule: RuleNames): boolean {
  return exactness(pattern, rule) > 0;
}

/**
 * True if a pattern of the policy chooses a subject: `web-*` by name, `container:web-*` by kind and name,
 * `image:nginx:*` an image by name and every container by the image it runs, `label:team=pay*` by the value
 * of a label, `label:team` by its presence.
 */
export function matchesSubject(pattern: string, subject: Subject): boolean {
  const colon = pattern.indexOf(":");
  const prefix = colon < 0 ? "" : pattern.slice(0, colon);
  const rest = pattern.slice(colon + 1);
  if (prefix === "label") return matchesLabel(rest, subject.labels ?? {});
  if (prefix === "image" && subject.kind !== "image") {
    return subject.image !== undefined && matchesGlob(rest, subject.image);
  }
  // Other prefixes belong to a name: `nginx:1.25` is an image.
  if (!SUBJECT_KINDS.some((kind) => kind === prefix)) return matchesGlob(pattern, subject.name);
  return prefix === subject.kind && matchesGlob(rest, subject.name);
}

function matchesLabel(pattern: string, labels: Readonly<Record<string, string>>): boolean {
  const equals = pattern.indexOf("=");
  const key = equals < 0 ? pattern : pattern.slice(0, equals);
  if (!Object.hasOwn(labels, key)) return false;
  return equals < 0 || matchesGlob(pattern.slice(equals + 1), labels[key] ?? "");
}
