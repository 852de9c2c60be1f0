import type { Range } from "#model/text.ts";

/** How ShellCheck rates its codes. */
export type ShellSeverity = "error" | "warning" | "info" | "style";

/** A splice of the body's text. */
export interface ShellEdit extends Range {
  text: string;
  /** Of an insertion (`start` = `end`): it belongs to the character before it, not to the one behind it. */
  after?: boolean;
}

/** How a finding is mended; see `Fix` of the model for what safe means. */
export interface ShellFix {
  title: string;
  safety: "safe" | "unsafe";
  edits: ShellEdit[];
}

/** One finding in shell code. */
export interface ShellIssue {
  /** The number of the code in ShellCheck: 2086. */
  code: number;
  /** Offsets in the body's text. */
  range: Range;
  /** One sentence without full stop. */
  message: string;
  severity: ShellSeverity;
  fix?: ShellFix;
  /** By all that can be seen it is meant so: `apk add $buildDeps` needs the blanks in the value. */
  meant?: boolean;
}
