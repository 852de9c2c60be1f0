import type { Dockerfile, Instruction, Stage } from "#model/evidence/dockerfile.ts";
import { expand, type Variables } from "#evidence/dockerfile/expand.ts";
import { globalVariables } from "#evidence/dockerfile/stages.ts";

/** The variables that ARG and ENV have set where an instruction stands, those of the stages below included. */
export interface Scope extends Variables {
  /** null where only the build knows the value, undefined where there is none. */
  get(name: string): string | null | undefined;
  /** Also true for an ARG that has no value unless the build gives one. */
  declares(name: string): boolean;
  /** All that are declared, the stage's own first; at most a thousand. */
  names(): string[];
}

/** A variable at a place: it holds for instructions behind it. */
interface Entry {
  behind: number;
  /** undefined = an ARG without value. */
  value: string | null | undefined;
}

/** What a stage sets, each name with its values in order. */
interface Frame {
  own: Map<string, Entry[]>;
  base: Frame | null;
  /** Answers of the frames below, which change no more. */
  below: Map<string, Entry | null>;
}

const MOST_NAMES = 1000;
const NOTHING: Scope = { get: () => undefined, declares: () => false, names: () => [] };
const FRAMES = new WeakMap<Dockerfile, readonly Frame[]>();

/**
 * The variables that an instruction finds (Dockerfile reference, "Scope", "Environment replacement"): ARG and ENV of
 * the stage so far and of the stages that it builds on. Those before the first FROM only where ARG names them again.
 * What the base image sets is not among them: see `imageVariables`.
 */
export function scopeBefore(
  dockerfile: Dockerfile,
  { index, stage }: Pick<Instruction, "index" | "stage">,
): Scope {
  const frame = framesOf(dockerfile)[stage];
  return frame === undefined ? NOTHING : scopeOf(frame, index);
}

function framesOf(dockerfile: Dockerfile): readonly Frame[] {
  const known = FRAMES.get(dockerfile);
  if (known !== undefined) return known;
  const globals = globalVariables(dockerfile);
  const frames: Frame[] = [];
  for (const stage of dockerfile.stages) {
    const base = stage.base === null ? null : (frames[stage.base] ?? null);
    frames.push(frameOf(stage, base, globals, dockerfile.escape));
  }
  FRAMES.set(dockerfile, frames);
  return frames;
}

function frameOf(
  { instructions }: Stage,
  base: Frame | null,
  globals: ReadonlyMap<string, string | null>,
  escape: string,
): Frame {
  const frame: Frame = { own: new Map(), base, below: new Map() };
  for (const { keyword, pairs, index } of instructions) {
    if (keyword !== "ARG" && keyword !== "ENV") continue;
    // All values of one ENV see what was set before it, those of one ARG each other.
    const scope = scopeOf(frame, keyword === "ENV" ? index : Infinity);
    for (const { name, value } of pairs) {
      let known: string | null | undefined;
      if (value === null) known = globals.get(name.value);
      else {
        const { text, unknown, error } = expand(value.raw, scope, escape);
        known = unknown || error !== null ? null : text;
      }
      const entry = { behind: index, value: known };
      const entries = frame.own.get(name.value);
      if (entries === undefined) frame.own.set(name.value, [entry]);
      else entries.push(entry);
    }
  }
  return frame;
}

function scopeOf(frame: Frame, index: number): Scope {
  return {
    get: (name) => find(frame, name, index)?.value,
    declares: (name) => find(frame, name, index) !== null,
    names: () => namesOf(frame, index),
  };
}

function find({ own, base, below }: Frame, name: string, index: number): Entry | null {
  const entry = own.get(name)?.findLast(({ behind }) => behind < index);
  if (entry !== undefined) return entry;
  if (base === null) return null;
  let found = below.get(name);
  if (found === undefined) {
    found = find(base, name, Infinity);
    below.set(name, found);
  }
  return found;
}

function namesOf(frame: Frame, index: number): string[] {
  const names = new Set<string>();
  let most = index;
  for (let at: Frame | null = frame; at !== null && names.size < MOST_NAMES; at = at.base) {
    for (const [name, [first]] of at.own) {
      if (names.size < MOST_NAMES && first !== undefined && first.behind < most) names.add(name);
    }
    most = Infinity;
  }
  return [...names];
}
