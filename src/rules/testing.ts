import type { Evidence } from "#model/evidence/evidence.ts";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import type { SubjectKind } from "#model/subject.ts";
import type { JudgeContext, Judgement, Rule, SubjectEvidence } from "./rule.ts";
import { engine } from "./testing/engine.ts";
import { host } from "./testing/host.ts";

/**
 * Builders of small evidence for the tests of rules: a Docker host as it comes, on which a test changes the
 * one thing that it is about.
 */

export * from "./testing/container.ts";
export * from "./testing/dockerfile.ts";
export * from "./testing/engine.ts";
export * from "./testing/host.ts";

/** Evidence that holds the given parts. */
export function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    evidenceVersion: 1,
    tool: { name: "seaworthy", version: "0.0.0" },
    collectedAt: "2026-01-02T00:00:00.000Z",
    collector: { uid: 0, capabilities: "000001ffffffffff", containerId: null },
    host: host(),
    engines: [engine()],
    containers: [],
    seccompProfiles: {},
    problems: [],
    ...changes,
  };
}

/** The surroundings that a rule is given, from `evidence`. */
export function contextOf(all: Evidence = evidence(), changes: Partial<JudgeContext> = {}): JudgeContext {
  return {
    evidence: all,
    host: all.host,
    engine: all.engines[0] ?? null,
    settings: DEFAULT_SETTINGS,
    now: Date.parse(all.collectedAt),
    ...changes,
  };
}

/** Finds a rule by id in a rule file's default export; throws if it is not there. */
export function ruleById<K extends SubjectKind>(rules: Rule<K> | readonly Rule<K>[], id: string): Rule<K> {
  const found = [rules].flat().find((rule) => (rule as Rule<K>).id === id);
  if (found === undefined) throw new Error(`no rule ${id}`);
  return found as Rule<K>;
}

/** All judgements of a rule on one subject, as a list. */
export function judgements<K extends SubjectKind>(
  rule: Rule<K>,
  subject: SubjectEvidence[K],
  context: JudgeContext = contextOf(),
): Judgement[] {
  return [rule.judge(subject, context)].flat();
}

/** The verdict of a rule that gives one judgement; throws if it gives several. */
export function verdictOf<K extends SubjectKind>(
  rule: Rule<K>,
  subject: SubjectEvidence[K],
  context: JudgeContext = contextOf(),
): Judgement {
  const all = judgements(rule, subject, context);
  if (all.length !== 1 || all[0] === undefined) throw new Error(`${rule.id} gave ${all.length} judgements`);
  return all[0];
}
