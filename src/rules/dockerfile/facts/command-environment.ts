import type { Dockerfile } from "#model/evidence/dockerfile.ts";
import type { Call, Step } from "./command-calls.ts";

const passes = new WeakMap<Dockerfile, Map<string, readonly (string | null)[]>>();

/**
 * Value of a variable that ENV or ARG gives the programs of a step, as it is written; null without one. Stages that
 * this one is built from count, since ENV stays with an image.
 */
export function buildVariable(dockerfile: Dockerfile, { instruction }: Step, name: string): string | null {
  let known = passes.get(dockerfile);
  if (known === undefined) passes.set(dockerfile, (known = new Map()));
  let values = known.get(name);
  if (values === undefined) known.set(name, (values = valuesOf(dockerfile, name)));
  return values[instruction.index] ?? null;
}

/** What the variable holds before each instruction. */
function valuesOf({ instructions, stages }: Dockerfile, name: string): (string | null)[] {
  const before: (string | null)[] = [];
  const ends: (string | null)[] = [];
  let env: string | null = null;
  let arg: string | null = null;
  for (const instruction of instructions) {
    if (instruction.keyword === "FROM") {
      if (instruction.stage > 0) ends[instruction.stage - 1] = env;
      const base = stages[instruction.stage]?.base ?? null;
      env = base === null ? null : (ends[base] ?? null);
      arg = null;
    }
    before[instruction.index] = env ?? arg;
    const { keyword, pairs } = instruction.trigger ?? instruction;
    if (keyword !== "ENV" && keyword !== "ARG") continue;
    const value = pairs.findLast((pair) => pair.name.value === name)?.value?.value;
    if (value === undefined) continue;
    if (keyword === "ENV") env = value;
    else arg = value;
  }
  return before;
}

/**
 * Value of a variable that the shell itself gives to a command, as it is written: `NAME=value command`, or
 * `export NAME=value` before it in the same step; null without one.
 */
export function shellVariable({ step, written, body, at }: Call, name: string): string | null {
  if (written.assigns.includes(name)) return assigned(body.text.slice(written.local.start), name);
  for (let before = at - 1; before >= 0 && before > at - WINDOW; before -= 1) {
    const { command, written: other, body: code } = step.calls[before] as Call;
    if (other.name === null && other.assigns.includes(name)) {
      return assigned(code.text.slice(other.local.start), name);
    }
    if (command.name !== "export") continue;
    const word = command.args.find(({ value }) => value.startsWith(`${name}=`));
    if (word !== undefined) return word.value.slice(name.length + 1);
  }
  return null;
}

/** A step of more commands than this is no longer read back to its begin. */
const WINDOW = 100;
const LONGEST = 400;

function assigned(code: string, name: string): string | null {
  const start = code.slice(0, LONGEST).indexOf(`${name}=`);
  if (start === -1) return null;
  const value = code.slice(start + name.length + 1, LONGEST + start);
  return (
    /^(?:"([^"]*)"|'([^']*)'|([^\s;&|]*))/
      .exec(value)
      ?.slice(1)
      .find((each) => each !== undefined) ?? ""
  );
}
