import type { ContainerEvidence } from "#model/evidence/container.ts";
import type {
  EngineEvidence,
  ImageEvidence,
  NetworkEvidence,
  SwarmEvidence,
} from "#model/evidence/engine.ts";
import type { Evidence } from "#model/evidence/evidence.ts";
import type { HostEvidence } from "#model/evidence/host.ts";
import type { Seen, Verdict } from "#model/finding.ts";
import type { Preset, RuleSettings } from "#model/settings.ts";
import type { Severity } from "#model/severity.ts";
import type { SubjectKind } from "#model/subject.ts";
import type { ComposeFile } from "#model/evidence/compose.ts";
import type { DockerfileEvidence } from "#model/evidence/dockerfile.ts";
import type { Manifest } from "#model/evidence/manifest.ts";
import type { Fix, Range } from "#model/text.ts";

/** The evidence that a rule on each kind of subject is given. */
export interface SubjectEvidence {
  host: HostEvidence;
  engine: EngineEvidence;
  container: ContainerEvidence;
  image: ImageEvidence;
  network: NetworkEvidence;
  swarm: SwarmEvidence;
  dockerfile: DockerfileEvidence;
  compose: ComposeFile;
  manifest: Manifest;
}

/** What surrounds the judged subject. */
export interface JudgeContext {
  evidence: Evidence;
  /** null when an engine was asked over the network. */
  host: HostEvidence | null;
  /** The engine that the subject belongs to; null for the host and for containers without an asked engine. */
  engine: EngineEvidence | null;
  settings: RuleSettings;
  /** Milliseconds since the epoch: when the evidence was collected, so that a replay judges the same. */
  now: number;
}

/** What a rule says of one subject, or of one detail of it. */
export interface Judgement {
  verdict: Verdict;
  message: string;
  evidence: Seen[];
  /** Overrides the rule's severity where this case is better or worse than the usual one. */
  severity?: Severity;
  /** Tells findings of one rule on one subject apart (a mount target, a port); must survive restarts. */
  key?: string;
  /** Overrides the rule's remediation where the exact words for this case are known. */
  remediation?: string;
  /** Where in the judged file; only for subjects that are text. */
  range?: Range;
  /** Overrides the rule's aliases where other names fit this case only. */
  aliases?: string[];
  fixes?: Fix[];
}

/** Where a fix is written, and its exact text. */
export type RemediationPlace = "run" | "compose" | "dockerfile" | "daemon" | "host" | "swarm" | "kubernetes";

/** Where the knowledge comes from; a page without address is a book or a man page. */
export interface Reference {
  title: string;
  url?: string;
}

/** One rule. `judge` is pure: no I/O, no clock; the same evidence gives the same judgement. */
export interface Rule<K extends SubjectKind = SubjectKind> {
  /** `SW-<SUBJECT>-<WHAT>`; never changes its meaning. */
  id: string;
  subject: K;
  /** The fault as a fact, without full stop: "Runs as root". */
  title: string;
  severity: Severity;
  /** What an attacker or an accident does with it. */
  risk: string;
  /** What stops that, and what it may cost. */
  countermeasure: string;
  remediation: Partial<Record<RemediationPlace, string>>;
  /** Ids of the CIS Docker Benchmark 1.8.0 that it judges; older numberings follow from the table. */
  cis?: string[];
  /** Other names in the field: `docker-bench:5.22`, `trivy:AVD-DS-0002`. */
  aliases?: string[];
  /** Severity per preset, or `off`; see {@link presetSeverity} for what holds without an entry. */
  presets?: Partial<Record<Preset, Severity | "off">>;
  references: Reference[];
  /** The shortest setting that fails, and the same put right; for the docs page. */
  examples: { bad: string; good: string };
  judge(subject: SubjectEvidence[K], context: JudgeContext): Judgement | Judgement[];
}

const OTHERS_NAMES = /^(?:DL\d{4}|SC\d{4}|[A-Z][A-Za-z]+)$/;

/**
 * How bad a rule's findings are under a preset, or `off`. Without an entry of its own a rule is on everywhere but
 * in `hadolint`, which holds the rules that have a name there, in ShellCheck or among the builder's checks.
 */
export function presetSeverity(
  { presets, aliases, severity, subject }: Pick<Rule, "presets" | "aliases" | "severity" | "subject">,
  preset: Preset,
): Severity | "off" {
  const own = presets?.[preset];
  if (own !== undefined) return own;
  if (preset !== "hadolint" || subject !== "dockerfile") return severity;
  return (aliases ?? []).some((alias) => OTHERS_NAMES.test(alias)) ? severity : "off";
}

/** Declares a rule. Only checks types; the folder's index registers it. */
export function rule<K extends SubjectKind>(definition: Rule<K>): Rule<K> {
  return definition;
}

/** The subject has the fault. `evidence` must show it. */
export function fail(
  message: string,
  evidence: Seen[],
  more: Omit<Judgement, "verdict" | "message" | "evidence"> = {},
): Judgement {
  return { verdict: "fail", message, evidence, ...more };
}

/** The fault was looked for where it would show, and is not there. */
export function pass(message: string, evidence: Seen[] = []): Judgement {
  return { verdict: "pass", message, evidence };
}

/** It could not be judged; `why` says what could not be read, and what would make it readable. */
export function unknown(why: string, evidence: Seen[] = []): Judgement {
  return { verdict: "unknown", message: why, evidence };
}

/** There is nothing to judge: the feature is off, the file's program is not installed. */
export function notApplicable(why: string): Judgement {
  return { verdict: "not-applicable", message: why, evidence: [] };
}

/** What the kernel showed. */
export function actual(source: string, value: string | number | boolean, path?: string): Seen {
  return seen("actual", source, value, path);
}

/** What the runtime was given. */
export function specified(source: string, value: string | number | boolean, path?: string): Seen {
  return seen("specified", source, value, path);
}

/** What somebody asked for. */
export function declared(source: string, value: string | number | boolean, path?: string): Seen {
  return seen("declared", source, value, path);
}

function seen(
  witness: Seen["witness"],
  source: string,
  value: string | number | boolean,
  path?: string,
): Seen {
  return { witness, source, ...(path === undefined ? {} : { path }), value: String(value) };
}

/** A manual page, as `man namespaces.7`. */
export function man(page: string): Reference {
  const [name = page, section = "1"] = page.split(".");
  return {
    title: `${name}(${section})`,
    url: `https://man7.org/linux/man-pages/man${section}/${name}.${section}.html`,
  };
}

/** A CVE record. */
export function cve(id: string): Reference {
  return { title: id, url: `https://www.cve.org/CVERecord?id=${id}` };
}

/** A page with its title. */
export function page(title: string, url: string): Reference {
  return { title, url };
}
