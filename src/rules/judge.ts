import { hash } from "node:crypto";
import type { Evidence } from "#model/evidence/evidence.ts";
import type { ContainerEvidence, DeclaredIn } from "#model/evidence/container.ts";
import type { Finding, Location, Seen } from "#model/finding.ts";
import type { Preset, RuleSettings } from "#model/settings.ts";
import type { Severity } from "#model/severity.ts";
import type { Subject, SubjectKind } from "#model/subject.ts";
import { type Fix, type LineStarts, placeAt, type Range, regionOf } from "#model/text.ts";
import { maskSecrets } from "#evidence/env.ts";
import { whyUnread } from "#evidence/runline/unread.ts";
import { aliasesOf } from "./benchmarks/cis-docker.ts";
import {
  type JudgeContext,
  type Judgement,
  presetSeverity,
  type Rule,
  type SubjectEvidence,
  unknown,
} from "./rule.ts";
import { LIVE_RULES } from "./live.ts";
import { IN_MANIFEST } from "./manifest/facts/container-remediation.ts";

/** A subject of the evidence, what is known of it, and what surrounds it. */
export interface JudgedSubject<K extends SubjectKind = SubjectKind> {
  subject: Subject;
  evidence: SubjectEvidence[K];
  context: JudgeContext;
  /** The file that it was read from, for subjects that stand in one. */
  file?: {
    path: string;
    lines: LineStarts;
    text: string;
    /** Offset in the file of each offset in the judged text, where that is a part of it. */
    origin?: (offset: number) => number;
  };
}

/**
 * Judges all evidence by all rules. Pure: no I/O, and the clock is that of the evidence. A rule that throws
 * on odd input yields `unknown` for that subject, so that one fault of ours never hides the rest.
 */
export function judge(
  evidence: Evidence,
  settings: RuleSettings,
  rules: readonly Rule[] = LIVE_RULES,
): Finding[] {
  return judgeSubjects(subjectsOf(evidence, settings), rules);
}

/** Judges each subject by the rules on its kind, as {@link judge} does. */
export function judgeSubjects(
  subjects: readonly JudgedSubject[],
  rules: readonly Rule[] = LIVE_RULES,
  remedy: Remedy = (_rule, _judged, { fixes }) => fixes ?? [],
): Finding[] {
  const findings: Finding[] = [];
  for (const judged of subjects) {
    const { preset } = judged.context.settings;
    for (const prepared of preparedFor(rules, preset).get(judged.subject.kind) ?? []) {
      for (const judgement of apply(prepared.rule, judged)) {
        const fixes = judgement.verdict === "fail" ? remedy(prepared.rule.id, judged, judgement) : [];
        findings.push(finding(prepared, judged, judgement, fixes));
      }
    }
  }
  return findings;
}

// What a variable holds is not in the file: neither a fault nor its absence can be told from it.
function ifTold(judgement: Judgement, declaredIn: DeclaredIn): Judgement {
  const paths = judgement.evidence.flatMap(({ path }) => path ?? []);
  const why = whyUnread(declaredIn, paths, judgement.key);
  return why === null || judgement.verdict === "not-applicable" ? judgement : unknown(why);
}

/** Ways to mend what a rule found on a subject. */
export type Remedy = (ruleId: string, judged: JudgedSubject, judgement: Judgement) => Fix[];

/** A rule that is on, with what all its findings share. */
interface PreparedRule {
  rule: Rule;
  aliases: readonly string[];
  severity: Severity;
  remediation: string;
}

// Worked out once for all files of a run.
const prepared = new WeakMap<readonly Rule[], Map<Preset, Map<SubjectKind, PreparedRule[]>>>();

function preparedFor(rules: readonly Rule[], preset: Preset): Map<SubjectKind, PreparedRule[]> {
  const byPreset = prepared.get(rules) ?? new Map<Preset, Map<SubjectKind, PreparedRule[]>>();
  prepared.set(rules, byPreset);
  const known = byPreset.get(preset);
  if (known !== undefined) return known;
  const byKind = new Map<SubjectKind, PreparedRule[]>();
  for (const rule of rules) {
    const severity = presetSeverity(rule, preset);
    if (severity === "off") continue;
    const list = byKind.get(rule.subject) ?? [];
    list.push({ rule, aliases: aliasesOf(rule), severity, remediation: remediationText(rule) });
    byKind.set(rule.subject, list);
  }
  byPreset.set(preset, byKind);
  return byKind;
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
    const judgements = Array.isArray(answer) ? answer : [answer];
    const { declaredIn } = evidence as Partial<ContainerEvidence>;
    return declaredIn?.unread === undefined ? judgements : judgements.map((each) => ifTold(each, declaredIn));
  } catch (error) {
    return [unknown(`this rule met something it does not understand (${String(error)}); please report it`)];
  }
}

function finding(
  { rule, aliases, severity, remediation }: PreparedRule,
  judged: JudgedSubject,
  judgement: Judgement,
  fixes: Fix[],
): Finding {
  const { subject } = judged;
  const location = locate(judged, judgement);
  const key = judgement.key ?? "";
  const fingerprint = hash("sha256", [rule.id, subject.kind, subject.name, key].join("\0")).slice(0, 32);
  return {
    id: `F-${fingerprint.slice(0, 12)}`,
    ruleId: rule.id,
    aliases: [...(judgement.aliases ?? aliases)],
    verdict: judgement.verdict,
    severity: judgement.severity ?? severity,
    title: rule.title,
    subject,
    location,
    evidence:
      judgement.evidence.length > 0
        ? judgement.evidence.map((seen) => asWritten(seen, judged))
        : excerpt(judged, location),
    message: judgement.message,
    remediation:
      judgement.verdict === "fail"
        ? (judgement.remediation ?? remediationIn(rule, judged) ?? remediation)
        : "",
    fingerprint,
    exception: null,
    known: false,
    fixes: fixes.flatMap((fix) => placed(fix, judged)).map((fix) => inLines(fix, judged)),
  };
}

/** Where in a file the finding stands: what the rule says, or where the setting that it saw is declared. */
function locate(
  { evidence, file }: JudgedSubject,
  { range, key, evidence: all }: Judgement,
): Location | null {
  if (file === undefined) return null;
  const { declaredIn } = evidence as Partial<ContainerEvidence>;
  const found = range ?? (declaredIn === undefined ? { start: 0, end: 0 } : placeOf(declaredIn, all, key));
  const { origin = (offset: number) => offset } = file;
  const from = origin(found.start);
  const start = placeAt(file.lines, from);
  const end = placeAt(file.lines, found.end > found.start ? origin(found.end - 1) + 1 : from);
  return {
    path: file.path,
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

function placeOf(declaredIn: DeclaredIn, all: readonly Seen[], key: string | undefined): Range {
  for (const { path } of all) {
    if (path === undefined) continue;
    const place = declaredIn.places[`${path} ${key ?? ""}`] ?? declaredIn.places[path];
    if (place !== undefined) return place;
  }
  return declaredIn.place;
}

// Who reads a Compose file is not helped by flags of docker run.
function remediationIn({ id, remediation }: Rule, { evidence }: JudgedSubject): string | undefined {
  const carrier = (evidence as Partial<ContainerEvidence>).declaredIn?.carrier;
  if (carrier === undefined) return undefined;
  return carrier === "kubernetes" ? IN_MANIFEST[id] : remediation[carrier];
}

// A part of a file may stand indented or escaped there: only what fits into a line is spliced into it.
function placed(fix: Fix, { file }: JudgedSubject): Fix[] {
  const origin = file?.origin;
  if (origin === undefined) return [fix];
  if (
    fix.edits.some(
      ({ start, end, text }) => text.includes("\n") || origin(end) - origin(start) !== end - start,
    )
  )
    return [];
  return [
    {
      ...fix,
      edits: fix.edits.map((edit) => ({ ...edit, start: origin(edit.start), end: origin(edit.end) })),
    },
  ];
}

// Offsets count UTF-16 units; lines and columns are what other readers of a report understand.
function inLines(fix: Fix, { file }: JudgedSubject): Fix {
  if (file === undefined) return fix;
  const edits = fix.edits.map((edit) =>
    edit.path === file.path ? { ...edit, region: regionOf(file.lines, edit) } : edit,
  );
  return { ...fix, edits };
}

const MAX_EXCERPT = 300;

/** The line that a finding is about, without what looks like a secret. */
function excerpt({ file }: JudgedSubject, location: Location | null): Seen[] {
  if (file === undefined || location === null) return [];
  const start = file.lines[location.startLine - 1] ?? 0;
  const line = file.text.slice(start, (file.lines[location.startLine] ?? file.text.length + 1) - 1);
  const value = maskSecrets(line.slice(0, MAX_EXCERPT)).trimEnd();
  return [{ witness: "declared", source: file.path, path: `line ${location.startLine}`, value }];
}

// Rules name settings as the engine does; in a file they have the file's names.
function asWritten(seen: Seen, { evidence }: JudgedSubject): Seen {
  const { declaredIn } = evidence as Partial<ContainerEvidence>;
  if (declaredIn === undefined || seen.path === undefined) return seen;
  const field = declaredIn.places[seen.path]?.field;
  return field === undefined ? seen : { ...seen, path: field };
}

/** Where a remediation is written, as people call it. */
export const PLACES: Readonly<Record<string, string>> = {
  run: "docker run",
  compose: "Compose",
  dockerfile: "Dockerfile",
  daemon: "daemon.json",
  host: "host",
  swarm: "swarm",
  kubernetes: "Kubernetes",
};

/** The rule's remediation in one text, each place named. */
export function remediationText(rule: Pick<Rule, "remediation">): string {
  return Object.entries(rule.remediation)
    .map(([place, text]) => `${PLACES[place] ?? place}: ${text}`)
    .join("\n");
}
