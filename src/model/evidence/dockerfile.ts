import type { LineStarts, Range } from "../text.ts";
import type { ShellBody } from "./shell.ts";

/**
 * A Dockerfile as a tree. Every node knows its range in the text, so that printing the ranges in order gives
 * the file back; what could not be understood is a {@link SyntaxProblem} beside the rest of the tree.
 */
export interface Dockerfile {
  text: string;
  lines: LineStarts;
  /** `# syntax=`, `# escape=`, `# check=` at the top of the file. */
  directives: Directive[];
  escape: "\\" | "`";
  /** Comment lines outside of heredocs, also those within continued instructions; in order. */
  comments: Comment[];
  /** All instructions in order, also unknown ones. */
  instructions: Instruction[];
  /** `ARG`s before the first `FROM`. */
  globalArgs: Instruction[];
  stages: Stage[];
  problems: SyntaxProblem[];
}

export interface Directive {
  name: string;
  value: string;
  range: Range;
  valueRange: Range;
}

export interface Comment {
  /** From `#` to the end of the line. */
  range: Range;
  /** Without `#` and outer blanks. */
  text: string;
  /** Stands between the continued lines of an instruction. */
  inside: boolean;
}

/** What kind of fault a {@link SyntaxProblem} is; a rule that judges one kind by itself can tell it by this. */
export type SyntaxCode =
  | "empty"
  | "directive"
  | "keyword"
  | "order"
  | "flag"
  | "arguments"
  | "value"
  | "port"
  | "trigger"
  | "quote"
  | "heredoc"
  | "length"
  | "more";

/** Something that the builder would refuse, or that cannot be what was meant. */
export interface SyntaxProblem {
  code: SyntaxCode;
  message: string;
  range: Range;
}

/** A piece of text after quotes and escapes as the builder's parser splits it; nothing is expanded. */
export interface Word {
  /** As written, quotes included. */
  raw: string;
  /** Quotes and escapes removed; variables stand as they are. */
  value: string;
  range: Range;
  /** How it was quoted, if it was as a whole. */
  quote: '"' | "'" | null;
}

export interface Flag {
  /** Without dashes, as written: `mount`, `from`. */
  name: string;
  /** null = given without `=`. */
  value: string | null;
  range: Range;
  /** Of what stands behind `=`. */
  valueRange: Range | null;
}

/** `NAME=value` of ENV, LABEL and ARG. */
export interface Pair {
  name: Word;
  /** null for `ARG NAME` and for an ENV or LABEL without value. */
  value: Word | null;
  range: Range;
}

export interface Heredoc {
  /** The word after `<<` without quotes. */
  name: string;
  /** `<<"EOF"`: nothing inside is expanded. */
  quoted: boolean;
  /** `<<-`: leading tabs are removed. */
  chomp: boolean;
  /** File descriptor before `<<`, 0 without one. */
  descriptor: number;
  /** Of `<<EOF` in the instruction's line. */
  range: Range;
  /** Of the content, without the line of the end mark. */
  bodyRange: Range;
  /** Content as the builder takes it: chomped. */
  body: string;
  /** False if the file ended first. */
  closed: boolean;
}

/** Text of an instruction with its continued lines joined and comments left out. */
export interface JoinedText {
  text: string;
  /** Offset in the file of each offset in `text` (0..length). */
  origin(offset: number): number;
}

/** One instruction. What is empty or null does not apply to its keyword. */
export interface Instruction {
  /** Upper case: `RUN`; of an unknown one too. */
  keyword: string;
  /** As written. */
  keywordRaw: string;
  keywordRange: Range;
  /** From the keyword to the end of the last line (heredocs included), without the line end. */
  range: Range;
  /** Of the line(s) before heredocs. */
  headRange: Range;
  /** Position within `Dockerfile.instructions`. */
  index: number;
  /** Position within `Dockerfile.stages`, -1 before the first `FROM`. */
  stage: number;
  flags: Flag[];
  /** What stands behind keyword and flags, joined. */
  arguments: JoinedText;
  /** The arguments split as the builder does for this keyword; elements of the array in JSON form. */
  words: Word[];
  /** The JSON form, where it is one (RUN, CMD, ENTRYPOINT, SHELL, VOLUME, COPY, ADD, HEALTHCHECK CMD). */
  json: boolean;
  /** ENV, LABEL, ARG. */
  pairs: Pair[];
  /** `ENV name value`: one pair without `=`. */
  legacyPair: boolean;
  heredocs: Heredoc[];
  /** FROM: the image and `AS name`. */
  from: { image: Word; as: Word | null; asKeyword: Word | null } | null;
  /** HEALTHCHECK: `NONE` or `CMD`; its command is in `words`, `json` and `shell`. */
  healthcheck: "NONE" | "CMD" | null;
  /** ONBUILD: the instruction that is kept for later. */
  trigger: Instruction | null;
  /** Within ONBUILD. */
  onbuild: boolean;
  /** Shell code in it, in order: the shell form, heredocs that a shell runs. */
  shell: ShellBody[];
  /** Empty lines between its lines, which the builder warns of. */
  gaps: Range[];
}

/** A build stage with its place in the graph. */
export interface Stage {
  index: number;
  /** `AS name` as written, null without. */
  name: string | null;
  from: Instruction;
  /** Without FROM, in order. */
  instructions: Instruction[];
  /** The stage that FROM names, null for an image. */
  base: number | null;
  /** The base image after expansion of global ARGs; null if a stage. */
  image: ImageReference | null;
  /** Stages that it copies or mounts from. */
  uses: number[];
  /** FROM leads on to it: it is what a plain build makes, or an ancestor of that. */
  shipped: boolean;
  /** A plain build runs it: shipped, or something is taken from it. */
  reachable: boolean;
  /** Part of a circle of FROMs or copies. */
  circular: boolean;
}

/** `registry/repository:tag@digest` (distribution/reference). */
export interface ImageReference {
  /** As it reads after expansion. */
  text: string;
  /** Empty where the engine's default applies. */
  registry: string;
  /** Without registry, tag and digest. */
  repository: string;
  tag: string | null;
  digest: string | null;
  /** A variable without known value is left in it. */
  unresolved: boolean;
}

/** A Dockerfile with what lies around it. */
export interface DockerfileEvidence {
  /** As the user names it. */
  path: string;
  dockerfile: Dockerfile;
  /** The build context; null where it is not known or was not looked at. */
  context: BuildContext | null;
  /** Names of stages or images that a Compose file or bake file passes as `additional_contexts`. */
  namedContexts: readonly string[];
}

/** What the builder would be sent. */
export interface BuildContext {
  /** The folder, as the user names it. */
  path: string;
  /** Patterns of `.dockerignore` (or `NAME.dockerignore`); null = there is no such file. */
  ignore: { path: string; patterns: readonly string[] } | null;
  /** True if `path` (relative to the context) exists; null if that cannot be told. */
  exists(path: string): boolean | null;
  /** True if the ignore file leaves `path` out. */
  ignores(path: string): boolean;
}
