import type { Evidence } from "#model/evidence/evidence.ts";
import type { ShellcheckFinding } from "#model/evidence/shell.ts";
import type { SourceFile } from "#model/evidence/source.ts";
import type { Finding } from "#model/finding.ts";
import type { Problem } from "#model/problem.ts";
import type { Subject } from "#model/subject.ts";
import { gatherFile, type GatheredFile, shellBodiesOf } from "#evidence/project/gather.ts";
import type { Policy } from "#policy/policy.ts";
import { applyPragmas } from "#policy/pragmas/apply.ts";
import { dockerfilePragmas } from "#policy/pragmas/dockerfile.ts";
import type { Pragmas } from "#policy/pragmas/pragma.ts";
import { blockPragmas } from "#policy/pragmas/yaml.ts";
import { aliasesOf } from "#rules/benchmarks/cis-docker.ts";
import { fileFixes } from "#remedies/file-fixes.ts";
import pragma from "#rules/dockerfile/pragma.ts";
import { subjectsOfFile } from "#rules/file-subjects.ts";
import { RULES } from "#rules/index.ts";
import { judgeSubjects, type JudgedSubject } from "#rules/judge.ts";
import { withFaults } from "#rules/pragma-rule.ts";
import { type JudgeContext, presetSeverity, type Rule } from "#rules/rule.ts";

/** What all files of a run are judged by. */
export interface LintSetup {
  context: JudgeContext;
  /** Ids and aliases of all rules, and of those that are on. */
  known: ReadonlySet<string>;
  judged: ReadonlySet<string>;
  rules: readonly Rule[];
  /** Whether comments in files may accept findings. */
  pragmas: boolean;
  /** Milliseconds since the epoch, for what expires. */
  now: number;
  /** What the program shellcheck found in the bodies of each file, by path. */
  external: ReadonlyMap<string, readonly ShellcheckFinding[][]>;
}

/** What a file is found to be. */
export interface LintedFile {
  source: SourceFile;
  subjects: Subject[];
  /** Failures and what could not be judged; accepted ones are marked. */
  findings: Finding[];
  problems: Problem[];
  /** Syntax errors in it. */
  errors: number;
  /** Dockerfiles that it builds, as the user would name them. */
  builds: string[];
}

/** Evidence of a run that looks at files only. */
export function emptyEvidence(version: string, now: number, problems: Problem[] = []): Evidence {
  return {
    evidenceVersion: 1,
    tool: { name: "seaworthy", version },
    collectedAt: new Date(now).toISOString(),
    collector: { uid: process.getuid?.() ?? -1, capabilities: "", containerId: null },
    host: null,
    engines: [],
    containers: [],
    seccompProfiles: {},
    problems,
  };
}

/** Prepares a run. */
export function lintSetup(policy: Policy, version: string, now: number, pragmas = true): LintSetup {
  const { settings } = policy;
  const named = RULES.map((rule) => ({ rule, names: [rule.id, ...aliasesOf(rule)] }));
  // Rules that no file has a subject for are not even asked.
  const kinds = new Set(["dockerfile", "compose", "manifest", "container"]);
  const on = named
    .filter(({ rule }) => kinds.has(rule.subject))
    .map(({ rule, names }) => ({ rule: asAsked(rule, names, policy), names }))
    .filter(({ rule }) => presetSeverity(rule, settings.preset) !== "off");
  return {
    context: { evidence: emptyEvidence(version, now), host: null, engine: null, settings, now },
    known: new Set(named.flatMap(({ names }) => names)),
    judged: new Set(on.flatMap(({ names }) => names)),
    rules: on.map(({ rule }) => rule),
    pragmas,
    now,
    external: new Map(),
  };
}

/** A rule that a preset has off is on if the policy names it and says how bad it is. */
function asAsked(rule: Rule, names: readonly string[], { rules, settings }: Policy): Rule {
  const { preset } = settings;
  const asked = names
    .map((name) => rules[name])
    .find((severity) => severity !== undefined && severity !== "off");
  if (asked === undefined || presetSeverity(rule, preset) !== "off") return rule;
  return { ...rule, presets: { ...rule.presets, [preset]: asked } };
}

/**
 * Judges one file, without the policy's exceptions: those are applied to all files together.
 *
 * @param text another text than the source's, for a fix that is tried out
 */
export function lintFile(source: SourceFile, setup: LintSetup, text = source.text): LintedFile {
  const file = gatherFile(source, text);
  const external = text === source.text ? setup.external.get(source.path) : undefined;
  if (external !== undefined) {
    for (const [at, body] of shellBodiesOf(file).entries()) body.external = external[at] ?? [];
  }
  const subjects = subjectsOfFile(file, setup.context);
  const findings = judgeSubjects(subjects, setup.rules, fileFixes(file)).filter(
    ({ verdict }) => verdict === "fail" || verdict === "unknown",
  );
  return {
    source: file.source,
    subjects: subjects.map(({ subject }) => subject),
    findings: setup.pragmas ? withPragmas(file, subjects, findings, setup) : findings,
    problems: file.problems,
    builds: (file.compose?.builds ?? []).flatMap(({ dockerfile, remote }) =>
      dockerfile === null || remote ? [] : [dockerfile],
    ),
    errors: file.dockerfiles.reduce(
      (sum, { evidence }) => sum + evidence.dockerfile.problems.length,
      file.compose?.problems.length ?? 0,
    ),
  };
}

function withPragmas(
  file: GatheredFile,
  subjects: readonly JudgedSubject[],
  findings: Finding[],
  { now, known, judged }: LintSetup,
): Finding[] {
  const pragmas = pragmasOf(file);
  if (pragmas.pragmas.length === 0 && pragmas.bad.length === 0) return findings;
  const context = { path: file.source.path, now, known, judged };
  const applied = applyPragmas(findings, pragmas, context);
  const first = subjects.find(({ subject }) => subject.kind === "dockerfile");
  if (first === undefined || applied.faults.length === 0) return applied.findings;
  return [...applied.findings, ...judgeSubjects([first], [withFaults(pragma, applied.faults) as Rule])];
}

function pragmasOf({ source, dockerfiles }: GatheredFile): Pragmas {
  const [first] = dockerfiles;
  return source.kind === "dockerfile" && first !== undefined
    ? dockerfilePragmas(first.evidence.dockerfile)
    : blockPragmas(source.text);
}
