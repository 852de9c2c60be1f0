import type { Dockerfile, Instruction, Stage, Word } from "#model/evidence/dockerfile.ts";
import { expand } from "#evidence/dockerfile/expand.ts";
import { globalVariables } from "#evidence/dockerfile/stages.ts";
import { absolutePath } from "./instruction-paths.ts";

/** What holds before an instruction. */
export interface StageState {
  /** Working folder; null where the base image decides. */
  workdir: string | null;
  /** As USER sets it; null where the base image decides. */
  user: string | null;
}

interface Pass {
  before: StageState[];
  expanded: WeakMap<Word, string | null>;
}

const CACHE = new WeakMap<Dockerfile, Pass>();
const UNKNOWN: StageState = { workdir: null, user: null };
const EXPANDS = new Set(["USER", "WORKDIR", "VOLUME", "COPY", "ADD", "EXPOSE", "STOPSIGNAL", "LABEL"]);
const MAX_VARIABLES = 2000;

/** Working folder and user that an instruction finds. */
export function stateBefore(dockerfile: Dockerfile, { index }: Pick<Instruction, "index">): StageState {
  return pass(dockerfile).before[index] ?? UNKNOWN;
}

/**
 * Value of a word with the variables that ARG and ENV set so far; null where one of them is only known to the
 * build or to the base image.
 */
export function expandedWord(dockerfile: Dockerfile, word: Word): string | null {
  if (!word.raw.includes("$")) return word.value;
  return pass(dockerfile).expanded.get(word) ?? null;
}

// One walk over the file for all rules that ask.
function pass(dockerfile: Dockerfile): Pass {
  const known = CACHE.get(dockerfile);
  if (known !== undefined) return known;
  const made: Pass = { before: [], expanded: new WeakMap() };
  CACHE.set(dockerfile, made);
  const globals = globalVariables(dockerfile);
  const ends: { state: StageState; env: Map<string, string | null> }[] = [];
  for (const stage of dockerfile.stages) {
    const base = stage.base === null ? undefined : ends[stage.base];
    const env = new Map(base?.env);
    const variables = new Map(env);
    let state = base?.state ?? startOf(stage);
    for (const instruction of stage.instructions) {
      made.before[instruction.index] = state;
      const { keyword } = instruction;
      if (keyword === "ENV" || keyword === "ARG")
        remember(dockerfile, instruction, { env, variables, globals });
      else if (EXPANDS.has(keyword) && instruction.arguments.text.includes("$")) {
        expandWords(dockerfile, instruction, variables, made);
      }
      state = next(instruction, state, made);
    }
    ends.push({ state, env });
  }
  return made;
}

function startOf({ image }: Stage): StageState {
  // An empty image has no settings at all; every other one may have set both.
  return image?.repository === "scratch" && image.registry === "" ? { workdir: "/", user: "" } : UNKNOWN;
}

function remember(
  { escape }: Dockerfile,
  { keyword, pairs }: Instruction,
  known: {
    env: Map<string, string | null>;
    variables: Map<string, string | null>;
    globals: ReadonlyMap<string, string | null>;
  },
): void {
  if (known.variables.size > MAX_VARIABLES) return;
  // All values of one ENV see what was set before it (Dockerfile reference, "Environment replacement").
  const set = pairs.map(({ name, value }): [string, string | null] => {
    if (value === null) return [name.value, known.globals.get(name.value) ?? null];
    return [name.value, valueOf(value.raw, known.variables, escape, false)];
  });
  for (const [name, value] of set) {
    // ENV wins over ARG of the same name.
    if (keyword === "ARG" && known.env.has(name)) continue;
    known.variables.set(name, value);
    if (keyword === "ENV") known.env.set(name, value);
  }
}

/** null where a variable is not known; `raw` = quotes are characters like others. */
function valueOf(
  text: string,
  variables: ReadonlyMap<string, string | null>,
  escape: string,
  raw: boolean,
): string | null {
  const { text: value, unknown, missing, error } = expand(text, variables, escape, raw);
  return unknown || missing.length > 0 || error !== null ? null : value;
}

function expandWords(
  { escape }: Dockerfile,
  { words, pairs, json }: Instruction,
  variables: ReadonlyMap<string, string | null>,
  { expanded }: Pass,
): void {
  for (const word of [...words, ...pairs.flatMap(({ value }) => value ?? [])]) {
    if (!word.raw.includes("$")) continue;
    expanded.set(word, valueOf(json ? word.value : word.raw, variables, escape, json));
  }
}

function next(instruction: Instruction, state: StageState, made: Pass): StageState {
  const { keyword } = instruction;
  if (keyword !== "WORKDIR" && keyword !== "USER") return state;
  const [word] = instruction.words;
  if (word === undefined) return state;
  const value = word.raw.includes("$") ? (made.expanded.get(word) ?? null) : word.value;
  if (keyword === "USER") return { ...state, user: value };
  return { ...state, workdir: value === null ? null : absolutePath(state.workdir, value) };
}
