import { statSync } from "node:fs";
import type { Evidence } from "#model/evidence/evidence.ts";
import type { Finding } from "#model/finding.ts";
import { UserError } from "#model/problem.ts";
import type { Compliance, Report } from "#model/report.ts";
import type { Subject } from "#model/subject.ts";
import { collect } from "#evidence/collect.ts";
import { findEndpoint } from "#evidence/engine/endpoint.ts";
import { readEvidence, saveEvidence } from "#evidence/evidence-file.ts";
import { applyPolicy, isSelected } from "#policy/apply.ts";
import { readBaseline } from "#policy/baseline.ts";
import { loadPolicy } from "#policy/load.ts";
import type { Policy } from "#policy/policy.ts";
import { matchesSubject } from "#policy/selectors.ts";
import { didYouMean, nearest } from "#policy/words.ts";
import { CIS_VERSIONS } from "#rules/benchmarks/cis-docker.ts";
import { judge, subjectsOf } from "#rules/judge.ts";
import { buildReport } from "#report/build.ts";
import { subjectFacts } from "#report/subject-facts.ts";
import type { AuditOptions } from "./audit-options.ts";
import { type CommandContext, EXIT } from "./context.ts";
import { readGate } from "./gate.ts";
import { startProgress } from "./progress.ts";
import { readOutputs, showReport } from "./show-report.ts";

/**
 * Collects, judges and prints: the whole flow of check and audit.
 *
 * @returns the exit code
 * @throws UserError for wrong options and files
 */
export async function runAudit(
  targets: readonly string[],
  options: AuditOptions,
  { version }: CommandContext,
): Promise<number> {
  const started = performance.now();
  requireSense(options);
  const outputs = readOutputs(options);
  const policy = await effectivePolicy(options);
  const baseline = options.baseline === undefined ? new Set<string>() : readBaseline(options.baseline);
  const cis = benchmarkVersion(options.benchmark);
  const evidence = await obtain(options, version);
  if (options.saveEvidence !== undefined) saveEvidence(options.saveEvidence, evidence);

  const report = await judgeEvidence(evidence, { policy, baseline, cis, started, options, targets });
  requireTargets(targets, evidence, policy);
  await showReport(report, evidence.problems, outputs, options);
  if (evidence.problems.length > 0) return EXIT.incomplete;
  return report.summary.gated > 0 ? EXIT.findings : EXIT.clean;
}

interface Judging {
  policy: Policy;
  baseline: ReadonlySet<string>;
  cis: (typeof CIS_VERSIONS)[number] | null;
  started: number;
  options: AuditOptions;
  targets: readonly string[];
}

async function judgeEvidence(
  evidence: Evidence,
  { policy, baseline, cis, started, options, targets }: Judging,
): Promise<Report> {
  const judged = judge(evidence, policy.settings);
  // Exceptions expire by the calendar of today, also for evidence of last month.
  const { findings: all, notices } = applyPolicy(judged, policy, baseline, Date.now());
  const findings = all.filter(({ subject }) => isTarget(subject, targets));
  const subjects = subjectsOf(evidence, policy.settings)
    .map(({ subject }) => ({ ...subject, facts: subjectFacts(subject, evidence) }))
    .filter((subject) => isSelected(subject, policy.subjects) && isTarget(subject, targets));
  const view: Compliance | null = cis === null ? null : await compliance(findings, cis);
  return buildReport({
    evidence,
    subjects,
    findings,
    notices,
    compliance: view,
    gate: policy.failOn,
    source: options.evidence ?? "live",
    durationMs: performance.now() - started,
  });
}

/** True if the command line asks for the subject, by its name or by the image that it runs. */
function isTarget(subject: Subject, targets: readonly string[]): boolean {
  return (
    targets.length === 0 ||
    targets.some((target) =>
      [`container:${target}`, `image:${target}`].some((pattern) => matchesSubject(pattern, subject)),
    )
  );
}

async function obtain(options: AuditOptions, version: string): Promise<Evidence> {
  if (options.evidence !== undefined) return readEvidence(options.evidence);
  const { root, proc, sys, etc, timeout } = options;
  const endpoint = findEndpoint({ ...options, env: process.env });
  if (options.tlsCertPath !== undefined && endpoint?.tls === undefined) {
    throw new UserError("--tls-cert-path: only a TCP engine speaks TLS; name it: --host tcp://HOST:2376");
  }
  const progress = startProgress(options.quiet === true);
  try {
    return await collect({
      endpoint,
      roots: Object.fromEntries(
        Object.entries({ root, proc, sys, etc }).filter(([, path]) => path !== undefined),
      ),
      timeoutMs: timeout * 1000,
      version,
      env: process.env,
      progress: progress.tell,
    });
  } finally {
    progress.stop();
  }
}

// What would be ignored in silence is a mistake: somebody believes that another engine or host was judged.
function requireSense({ timeout, host, context, root, proc, sys, etc }: AuditOptions): void {
  if (!(timeout > 0 && timeout <= 600)) {
    throw new UserError("--timeout: give seconds, more than 0 and at most 600");
  }
  if (host !== undefined && context !== undefined) {
    throw new UserError("--host and --context both name an engine; give one of them");
  }
  for (const [option, path] of Object.entries({ root, proc, sys, etc })) {
    if (path !== undefined && statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new UserError(`--${option} ${path}: is not a folder`);
    }
  }
}

// All rules take longer to load than those on what runs, which is all that most runs need.
async function compliance(findings: Finding[], version: (typeof CIS_VERSIONS)[number]): Promise<Compliance> {
  const { complianceOf } = await import("#rules/benchmarks/compliance.ts");
  return complianceOf(findings, version);
}

async function allNames(): Promise<string[]> {
  const [{ RULES }, { aliasesOf }] = await Promise.all([
    import("#rules/index.ts"),
    import("#rules/benchmarks/cis-docker.ts"),
  ]);
  return RULES.flatMap((rule) => [rule.id, ...aliasesOf(rule)]);
}

async function effectivePolicy(options: AuditOptions): Promise<Policy> {
  const policy = await loadPolicy(options.policy, process.cwd(), allNames);
  return { ...policy, failOn: readGate(options.failOn) ?? policy.failOn };
}

function benchmarkVersion(name: string | undefined): Judging["cis"] {
  if (name === undefined) return null;
  const version = CIS_VERSIONS.find((known) => name === `cis-docker-${known}`);
  if (version === undefined) {
    const known = CIS_VERSIONS.map((each) => `cis-docker-${each}`).join(", ");
    throw new UserError(`--benchmark ${name}: there is no such benchmark. Known: ${known}`);
  }
  return version;
}

// check needs no name, so a misspelt command arrives here as a target.
const COMMANDS = ["check", "audit", "explain", "completion"];

// A name that matches nothing is a mistake of the caller: a pipeline must not pass because of a typing error.
function requireTargets(targets: readonly string[], evidence: Evidence, { settings }: Policy): void {
  const subjects = subjectsOf(evidence, settings).map(({ subject }) => subject);
  for (const target of targets) {
    const found = subjects.some((subject) => isTarget(subject, [target]));
    if (found) continue;
    const names = subjects.filter(({ kind }) => kind === "container").map(({ name }) => name);
    const listed =
      names.length === 0 ? "there is no container here" : `containers: ${names.slice(0, 12).join(", ")}`;
    const meant = didYouMean(nearest(target, [...COMMANDS, ...names]));
    throw new UserError(`${target}: no container or image of this name (${listed})${meant}`);
  }
}
