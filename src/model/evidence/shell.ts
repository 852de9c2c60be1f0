import type { ParsedScript } from "unbash";
import type { Range } from "../text.ts";

/** Which language a body is in; `other` is left alone, and said so. */
export type ShellDialect = "sh" | "dash" | "bash" | "ksh" | "busybox" | "powershell" | "cmd" | "other";

/** Shell code with its place in the file. */
export interface ShellBody {
  /** The code as the shell gets it: continued lines joined, comments between them left out. */
  text: string;
  /** Offset in the file of each offset in `text` (0..length). */
  origin(offset: number): number;
  dialect: ShellDialect;
  /** First word of SHELL or shebang, `/bin/sh` without. */
  program: string;
  /** Arguments of SHELL behind the program: `-c`, `-o`, `pipefail`. */
  options: readonly string[];
  /** null where the dialect is none that we read. */
  script: ParsedScript | null;
  /** Simple commands at any depth, in order of their place. */
  commands: ShellCommand[];
  /** Variables that the builder sets: ARG and ENV of the stage so far, predefined ones. */
  variables: ReadonlySet<string>;
  /** `heredoc` for the body of a heredoc; `exec` for the JSON form, which no shell reads: one command, no script. */
  form: "shell" | "heredoc" | "exec";
  /** What the `shellcheck` program says of it, where it was asked to. */
  external?: readonly ShellcheckFinding[];
}

/** One comment of the `shellcheck` program. */
export interface ShellcheckFinding {
  /** 2086 */
  code: number;
  level: "error" | "warning" | "info" | "style";
  message: string;
  /** Offsets in the body's text. */
  range: Range;
}

/** One simple command: a program with its arguments. */
export interface ShellCommand {
  /** Static name of the program (`apt-get`), without its folder; null if it is computed or only assigns. */
  name: string | null;
  /** Arguments behind the name. */
  args: ShellWord[];
  /** In the file. */
  range: Range;
  /** Of the name, in the file; equals `range` without one. */
  nameRange: Range;
  /** Offsets in the body's text. */
  local: Range;
  /** Names that are assigned before it: `FOO=1 cmd`. */
  assigns: string[];
  /** Redirections in order; empty for most. */
  redirects: readonly ShellRedirect[];
  /** Place in its pipeline: 0 for the first or only one. */
  pipe: number;
  /** Commands of its pipeline. */
  pipes: number;
  /** Commands of one pipeline (nested ones aside) share this number within the body. */
  pipeline: number;
  /** How deep in `$(…)`, subshells and compound commands. */
  depth: number;
}

/** `> file`, `2>&1`, `<<EOF`. */
export interface ShellRedirect {
  operator: string;
  /** null for a heredoc. */
  target: ShellWord | null;
  /** In the file. */
  range: Range;
}

export interface ShellWord {
  /** As written. */
  raw: string;
  /** Quotes removed; what is expanded at run time stands as written (`$X`, `$(…)`). */
  value: string;
  /** Nothing in it is expanded: no variables, substitutions, globs, braces, `~`. */
  static: boolean;
  /** In the file. */
  range: Range;
}
