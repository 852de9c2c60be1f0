import { hash } from "node:crypto";
import type { Evidence } from "#model/evidence/evidence.ts";
import type { Finding } from "#model/finding.ts";
import type { RuleSettings } from "#model/settings.ts";
import type { Subject, SubjectKind } from "#model/subject.ts";
import { aliasesOf } from "./benchmarks/cis-docker.ts";
import { type JudgeContext, type Judgement, type Rule, type SubjectEvidence, unknown } from "./rule.ts";
import { RULES } from "./index.ts";

/** A subject of the evidence, what is known of it, and what surrounds it. */
interface JudgedSubject<K extends SubjectKind = SubjectKind> {
  subject: Subject;
  evidence: SubjectEvidence[K];
  context: JudgeContext;
}

/**
 * Judges all evidence by all rules. Pure: no I/O, and the clock is that of the evidence. A rule that throws
 * on odd input yields `unknown` for that subject, so that one fault of ours never hides the rest.
 */
export function judge(evidence: Evidence, settings: RuleSettings, rules: readonly Rule[] = RULES): Finding[] {
  const named = rules.map((rule) => ({ rule, aliases: aliasesOf(rule) }));
  return subjectsOf(evidence, settings).flatMap((judged) =>
    named
      .filter(({ rule }) => rule.subject === judged.subject.kind)
      .flatMap(({ rule, aliases }) =>
        apply(rule, judged).map((judgement) => finding(rule, aliases, judged.subject, judgement)),
      ),
  );
}

/** Everything in the evidence that rules can judge, in the order of the report. */
export function subjectsOf(evidence: Evidence, settings: RuleSettings): JudgedSubject[] {
  const shared = { evidence, host: evidence.host, settings, now: Date.parse(evidence.collectedAt) };
  const subjects: JudgedSubject[] = [];
  const { host } = evidence;
  if (host !== null) {
    subjects.push({
      subject: { kind: "host", name: host.name, id: host.name },
      evidence: host,
      context: { ...shared, engine: null },
    });
  }
  for (const engine of evidence.engines) {
    const context = { ...shared, engine };
    const id = engine.info.ok ? engine.info.value.id : engine.endpoint;
    subjects.push({ subject: { kind: "engine", name: engine.name, id }, evidence: engine, context });
    if (engine.swarm.ok && engine.swarm.value !== null) {
      subjects.push({
        subject: { kind: "swarm", name: engine.name, id },
        evidence: engine.swarm.value,
        context,
      });
    }
    for (const network of engine.networks.ok ? engine.networks.value : []) {
      subjects.push({
        subject: { kind: "network", name: network.name, id: network.id },
        evidence: network,
        context,
      });
    }
    for (const image of engine.images.ok ? engine.images.value : []) {
      subjects.push({
        subject: {
          kind: "image",
          name: image.tags[0] ?? image.digests[0] ?? image.id.replace(/^sha256:/, "").slice(0, 12),
          id: image.id,
          ...(image.detail.ok ? { labels: image.detail.value.labels } : {}),
        },
        evidence: image,
        context,
      });
    }
  }
  for (const container of evidence.containers) {
    if (container.self) continue;
    const engine = evidence.engines.find(({ name }) => name === container.engine) ?? null;
    subjects.push({
      subject: {
        kind: "container",
        name: container.name,
        id: container.id,
        image: container.image,
        ...(container.declared.ok ? { labels: container.declared.value.labels } : {}),
      },
      evidence: container,
      context: { ...shared, engine },
    });
  }
  return subjects;
}

function apply(rule: Rule, { evidence, context }: JudgedSubject): Judgement[] {
  try {
    const answer = rule.judge(evidence as never, context);
    return Array.isArray(answer) ? answer : [answer];
  } catch (error) {
    return [unknown(`this rule met something it does not understand (${String(error)}); please report it`)];
  }
}

function finding(rule: Rule, aliases: readonly string[], subject: Subject, judgement: Judgement): Finding {
  const key = judgement.key ?? "";
  const fingerprint = hash("sha256", [rule.id, subject.kind, subject.name, key].join("\0")).slice(0, 32);
  return {
    id: `F-${fingerprint.slice(0, 12)}`,
    ruleId: rule.id,
    aliases: [...aliases],
    verdict: judgement.verdict,
    severity: judgement.severity ?? rule.severity,
    title: rule.title,
    subject,
    location: null,
    evidence: judgement.evidence,
    message: judgement.message,
    remediation: judgement.verdict === "fail" ? (judgement.remediation ?? remediationText(rule)) : "",
    fingerprint,
    exception: null,
    known: false,
  };
}

/** Where a remediation is written, as people call it. */
export const PLACES: Readonly<Record<string, string>> = {
  run: "docker run",
  compose: "Compose",
  dockerfile: "Dockerfile",
  daemon: "daemon.json",
  host: "host",
  swarm: "swarm",
};

/** The rule's remediation in one text, each place named. */
export function remediationText(rule: Pick<Rule, "remediation">): string {
  return Object.entries(rule.remediation)
    .map(([place, text]) => `${PLACES[place] ?? place}: ${text}`)
    .join("\n");
}
