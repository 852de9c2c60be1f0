import type { Problem } from "#model/problem.ts";
import { UserError } from "#model/problem.ts";
import { writeWhole } from "#evidence/write-whole.ts";
import { applyPolicy } from "#policy/apply.ts";
import type { Policy } from "#policy/policy.ts";
import { mend } from "#remedies/mend.ts";
import type { FixMode } from "#remedies/plan.ts";
import { lintFile, type LintedFile, type LintSetup } from "./lint-file.ts";

/** How a file was mended. */
export interface MendedFile {
  path: string;
  before: string;
  after: string;
  /** How many findings it mends. */
  count: number;
  unsafe: number;
  stdin: boolean;
}

/** Reads the value of `--fix` and `--fix-dry-run`. */
export function fixMode(option: string, value: true | string): FixMode {
  if (value === true || value === "safe") return "safe";
  if (value === "all") return "all";
  throw new UserError(`--${option}=${value}: use safe or all`);
}

/**
 * Mends one file in memory, as the policy has it: what is accepted or off stays as it is.
 *
 * @returns what came of it, or null if there is nothing to mend
 */
export function mendFile(
  { source }: LintedFile,
  {
    setup,
    policy,
    baseline,
    mode,
  }: { setup: LintSetup; policy: Policy; baseline: ReadonlySet<string>; mode: FixMode },
): { mended: MendedFile; problem: Problem | null } | null {
  if (!source.utf8) return null;
  const judge = (text: string) => {
    const linted = lintFile(source, setup, text);
    return { ...linted, findings: applyPolicy(linted.findings, policy, baseline, setup.now).findings };
  };
  const { text, applied, stopped } = mend(source.text, { path: source.path, mode, judge });
  const problem =
    stopped === null
      ? null
      : { where: source.path, what: stopped, todo: "look at what is left, and report the fix that failed" };
  if (text === source.text && problem === null) return null;
  return {
    mended: {
      path: source.path,
      before: source.text,
      after: text,
      count: applied.length,
      unsafe: applied.filter(({ fix }) => fix.safety === "unsafe").length,
      stdin: source.stdin === true,
    },
    problem,
  };
}

/** Writes mended files, each whole or not at all. */
export function writeMended(files: readonly MendedFile[]): void {
  for (const { path, after, stdin } of files) if (!stdin) writeWhole(path, after);
}
