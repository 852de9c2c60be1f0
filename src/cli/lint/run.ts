import { resolve } from "node:path";
import type { SourceFile } from "#model/evidence/source.ts";
import { readSource } from "#evidence/project/read-source.ts";
import { readBaseline } from "#policy/baseline.ts";
import { applyPolicy, isSelected } from "#policy/apply.ts";
import type { Problem } from "#model/problem.ts";
import { UserError } from "#model/problem.ts";
import { buildReport } from "#report/build.ts";
import { type CommandContext, EXIT } from "../context.ts";
import { startProgress } from "../progress.ts";
import { readOutputs, showReport } from "../show-report.ts";
import { emptyEvidence, lintFile, type LintedFile, lintSetup } from "./lint-file.ts";
import { fixMode, mendFile, type MendedFile, writeMended } from "./mend-files.ts";
import type { LintOptions } from "./options.ts";
import { lintPolicy } from "./policy.ts";
import { askShellcheck } from "./shellcheck.ts";
import { findSources } from "./sources.ts";

/** What the user asked for. */
export interface LintRequest {
  /** Files and folders. */
  files: readonly string[];
  /** Words of a docker run line; null without one. */
  line: readonly string[] | null;
  options: LintOptions;
}

/**
 * Reads, judges, mends and prints: the whole flow of lint.
 *
 * @returns the exit code
 * @throws UserError for wrong options and files
 */
export async function runLint(
  { files: names, line, options: asked }: LintRequest,
  { version }: CommandContext,
): Promise<number> {
  let options = asked;
  const started = performance.now();
  const now = Date.now();
  if (options.fix !== undefined && options.fixDryRun !== undefined) {
    throw new UserError("--fix and --fix-dry-run: give one of them");
  }
  const outputs = readOutputs(options);
  const { policy, pragmas } = await lintPolicy(options, process.cwd());
  const baseline = options.baseline === undefined ? new Set<string>() : readBaseline(options.baseline);
  const progress = startProgress(options.quiet === true);
  const { sources, problems } = await findSources(names, line, options);
  let setup = lintSetup(policy, version, now, pragmas);
  if (options.shellcheck === true) {
    progress.tell("asking shellcheck");
    const { byPath, problem } = await askShellcheck(sources);
    setup = { ...setup, external: byPath };
    if (problem !== null) problems.push(problem);
  }
  let files: LintedFile[] = [];
  try {
    const seen = new Set(sources.map(({ path }) => resolve(path)));
    for (let at = 0; at < sources.length; at += 1) {
      progress.tell(`judging ${at + 1} of ${sources.length} files`);
      const file = lintFile(sources[at] as SourceFile, setup);
      files.push(file);
      // What a Compose file builds belongs to it, whether it was named or not.
      for (const path of file.builds.filter((each) => !seen.has(resolve(each)))) {
        seen.add(resolve(path));
        const read = readSource(path, "dockerfile");
        if (read.ok) sources.push(read.source);
      }
    }
  } finally {
    progress.stop();
  }
  const fix = options.fix ?? options.fixDryRun;
  if (fix !== undefined) {
    const mode = fixMode(options.fix === undefined ? "fix-dry-run" : "fix", fix);
    const results = files.flatMap((file) => mendFile(file, { setup, policy, baseline, mode }) ?? []);
    const mended = results.map((result) => result.mended).filter(({ before, after }) => before !== after);
    problems.push(...results.flatMap(({ problem }) => problem ?? []));
    if (options.fixDryRun !== undefined) return showDiff(mended, problems);
    writeMended(mended);
    tellMended(mended, options);
    const piped = sources.find(({ stdin }) => stdin === true);
    if (piped !== undefined) {
      // Standard output is the file now: what is left to say goes to files and to the exit code.
      process.stdout.write(mended.find(({ stdin }) => stdin)?.after ?? piped.text);
      options = { ...options, quiet: true };
    }
    const byPath = new Map(mended.map(({ path, after }) => [path, after]));
    files = files.map((file) => {
      const after = byPath.get(file.source.path);
      return after === undefined ? file : lintFile({ ...file.source, text: after }, setup);
    });
  }
  problems.push(...files.flatMap((file) => file.problems));
  const judged = applyPolicy(
    files.flatMap(({ findings }) => findings),
    policy,
    baseline,
    now,
  );
  const report = buildReport({
    evidence: emptyEvidence(version, now, problems),
    subjects: files
      .flatMap(({ subjects }) => subjects)
      .map((subject) => ({ ...subject, facts: [] }))
      .filter((subject) => isSelected(subject, policy.subjects)),
    findings: judged.findings,
    notices: judged.notices,
    compliance: null,
    gate: policy.failOn,
    source: "live",
    durationMs: performance.now() - started,
  });
  await showReport(report, problems, outputs, options);
  if (problems.length > 0) return EXIT.incomplete;
  return report.summary.gated > 0 ? EXIT.findings : EXIT.clean;
}

async function showDiff(mended: readonly MendedFile[], problems: readonly Problem[]): Promise<number> {
  const { createTwoFilesPatch } = await import("diff");
  for (const { path, before, after } of mended) {
    const name = path.replace(/^\/+/, "");
    const patch = createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after);
    // The line of equals signs is svn's; patch(1) and git do not want it.
    process.stdout.write(patch.replace(/^=+\n/, ""));
  }
  for (const { where, what } of problems) process.stderr.write(`seaworthy: ${where}: ${what}\n`);
  if (problems.length > 0) return EXIT.incomplete;
  return mended.length > 0 ? EXIT.findings : EXIT.clean;
}

function tellMended(mended: readonly MendedFile[], { quiet }: LintOptions): void {
  if (quiet === true) return;
  for (const { path, count, unsafe } of mended) {
    const marked = unsafe === 0 ? "" : `, ${unsafe} of them may change behaviour: look at the difference`;
    process.stderr.write(`mended ${path}: ${count} finding${count === 1 ? "" : "s"}${marked}\n`);
  }
}
