import type { LineStarts, Range } from "../text.ts";
import type { ContainerEvidence } from "./container.ts";

/** A stretch of one of the files that a Compose project is read from. */
export interface ComposePlace extends Range {
  /** The file, as the user names it. */
  path: string;
  /** Lies under an anchor that is used elsewhere: a change here changes other places as well. */
  shared: boolean;
}

/** How a scalar is written. */
export type ComposeStyle = "plain" | "single" | "double" | "literal" | "folded";

/** `!reset` and `!override` (compose-spec, 13-merge.md); null for everything else. */
export type ComposeTag = "reset" | "override" | null;

/** A variable in a value, and what stands in its place. */
export interface ComposeVariable {
  name: string;
  /** `nothing`: it is not set and has no default, so Compose puts the empty text there. */
  from: "environment" | "default" | "nothing";
}

/** A single value. */
export interface ComposeScalar {
  kind: "scalar";
  /** With variables put in, as far as they are known: for judging. */
  value: string | number | boolean | null;
  /** As parsed, with its variables as they stand: for writing. */
  written: string | number | boolean | null;
  variables: readonly ComposeVariable[];
  style: ComposeStyle;
  tag: ComposeTag;
  place: ComposePlace;
}

export interface ComposeList {
  kind: "list";
  items: readonly ComposeNode[];
  /** Where each item is written: the alias itself, where the item is one. */
  places: readonly ComposePlace[];
  /** `[a, b]`. */
  flow: boolean;
  tag: ComposeTag;
  place: ComposePlace;
}

export interface ComposeMap {
  kind: "map";
  /** In order; what comes by a merge key stands after what is written here. */
  entries: ReadonlyMap<string, ComposeEntry>;
  /** `{a: b}`. */
  flow: boolean;
  tag: ComposeTag;
  place: ComposePlace;
}

export interface ComposeEntry {
  key: string;
  keyPlace: ComposePlace;
  value: ComposeNode;
  /** Where the value is written: the alias itself, where it is one. */
  valuePlace: ComposePlace;
}

/** A Compose file as a tree: aliases and merge keys are followed, every node knows where it stands. */
export type ComposeNode = ComposeScalar | ComposeList | ComposeMap;

/**
 * What is wrong with the file itself. `yaml`: it cannot be read; `key`: a key that Compose does not know;
 * `value`: a value of the wrong kind; `variable`: a `$` that Compose cannot read; `unread`: another file that
 * belongs to the project could not be read.
 */
export interface ComposeProblem {
  kind: "yaml" | "key" | "value" | "variable" | "unread";
  message: string;
  range: Range;
  /** Tells several problems apart, stable when lines move: the path of the setting. */
  key: string;
  /** What was meant, in place of the range. */
  suggestion?: string;
}

/** An image that the project builds. */
export interface ComposeBuild {
  service: string;
  /** Folder, as the user would name it; an address where `remote` is true. */
  context: string;
  remote: boolean;
  /** The Dockerfile, as the user would name it; null where it is written inline, or lies in a remote context. */
  dockerfile: string | null;
  /** `dockerfile_inline`: the text that the builder gets, and the offset in this file of each of its offsets. */
  inline: { text: string; origin(offset: number): number } | null;
  target: string | null;
  /** Names of `additional_contexts`, which a Dockerfile may use as stages or images. */
  additionalContexts: readonly string[];
  /** Names of `args`. */
  args: readonly string[];
  /** Where `build` stands in this file. */
  range: Range;
}

/** A service after extends, overrides and variables. */
export interface ComposeService {
  name: string;
  settings: ComposeMap;
  /** As this file alone writes it; null if it stands in another file only. */
  written: ComposeMap | null;
  /** Its name in this file; where it stands in another file only, the start of this one. */
  place: Range;
  profiles: readonly string[];
  /** Has an image, a build or a provider; what lacks all three is a part that another file completes. */
  complete: boolean;
}

/** Another Compose file that this one brings in; it is a file of its own, to be judged for itself. */
export interface ComposeInclude {
  /** As the user would name it. */
  path: string;
  /** Names of the services in it; null if it could not be read. */
  services: readonly string[] | null;
  range: Range;
}

/** A Compose project as one file (with what it extends, includes and is merged with) declares it. */
export interface ComposeFile {
  /** As the user names it. */
  path: string;
  text: string;
  lines: LineStarts;
  /** What stands in this file alone; null if it is empty or no mapping. */
  written: ComposeMap | null;
  /** What Compose makes of it, with overrides and extends; services are complete. */
  project: ComposeMap;
  /** Every service, in order. */
  declared: readonly ComposeService[];
  /** The containers that the services ask for, judged by the rules on containers. */
  services: ContainerEvidence[];
  builds: readonly ComposeBuild[];
  includes: readonly ComposeInclude[];
  /** Files that were merged over this one, in order. */
  overrides: readonly string[];
  /** Files that services read their environment from. */
  envFiles: readonly ComposeEnvFile[];
  problems: readonly ComposeProblem[];
}

/** A file of environment variables that a service is given. */
export interface ComposeEnvFile {
  service: string;
  /** As it is written. */
  path: string;
  /** Its variables without their values; null if it could not be read. */
  variables: readonly { name: string; shape: string; length: number }[] | null;
  range: Range;
}
