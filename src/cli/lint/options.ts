import type { SourceKind } from "#model/evidence/source.ts";

/** Options of `seaworthy lint`, as commander hands them over. */
export interface LintOptions {
  stdin?: true;
  stdinName?: string;
  kind?: SourceKind;
  preset?: string;
  fix?: true | string;
  fixDryRun?: true | string;
  policy?: string;
  hadolintConfig?: string;
  failOn?: string;
  baseline?: string;
  shellcheck?: true;
  pragmas: boolean;
  format: string;
  output?: string[];
  verbose?: true;
  quiet?: true;
}
