import { bodyOf } from "#evidence/shell/testing.ts";
import type { ShellIssue } from "./issue.ts";
import { checkShell } from "./check-shell.ts";

/** What is found in shell code, with the options of the preset `strict`. */
export function issuesOf(code: string, program = "sh", variables: readonly string[] = []): ShellIssue[] {
  const body = bodyOf(code, { program, variables: new Set(variables) });
  return checkShell(body, { builderVariablesAreWords: false, release: "0.9" });
}

/** The codes that are found, each with its offset, sorted as text: `2086@5 2154@5`. */
export function codesOf(code: string, program = "sh"): string {
  const codes = issuesOf(code, program).map((issue) => `${issue.code}@${issue.range.start}`);
  return codes.toSorted().join(" ");
}
