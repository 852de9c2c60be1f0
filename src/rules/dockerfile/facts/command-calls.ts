import type { Dockerfile, Instruction, Stage } from "#model/evidence/dockerfile.ts";
import type { ShellBody, ShellCommand } from "#model/evidence/shell.ts";
import { unwrap } from "#evidence/shell/unwrap.ts";

/** An instruction that runs commands, with its commands. */
export interface Step {
  /** As it stands in the file: `RUN`, or `ONBUILD` for its trigger. */
  instruction: Instruction;
  /** What runs them: the instruction itself, or the trigger of `ONBUILD`. */
  run: Instruction;
  /** null before the first `FROM`. */
  stage: Stage | null;
  /** In order of their place. */
  calls: Call[];
}

/** One simple command of a step. */
export interface Call {
  step: Step;
  /** What runs in the end: behind `sudo`, `env`, `time` and the like. */
  command: ShellCommand;
  /** The command as it is written. */
  written: ShellCommand;
  body: ShellBody;
  /** Position within `step.calls`. */
  at: number;
}

interface Index {
  steps: Step[];
  /** Calls of RUN (also as trigger) by program. */
  builds: Map<string, Call[]>;
  /** Calls of all instructions by program. */
  all: Map<string, Call[]>;
}

const NONE: readonly Call[] = [];
const indexes = new WeakMap<Dockerfile, Index>();
const named = new WeakMap<readonly Stage[], ReadonlySet<number | null>>();

/**
 * Calls of programs by RUN instructions, triggers of ONBUILD included, in order of the file.
 *
 * @param programs names without folder: `apt-get`
 */
export function buildCalls(dockerfile: Dockerfile, ...programs: readonly string[]): readonly Call[] {
  return pick(indexOf(dockerfile).builds, programs);
}

/** As {@link buildCalls}, and by CMD, ENTRYPOINT and HEALTHCHECK, which run when the container does. */
export function allCalls(dockerfile: Dockerfile, ...programs: readonly string[]): readonly Call[] {
  return pick(indexOf(dockerfile).all, programs);
}

/** Names of all programs that RUN instructions call: tells which to ask for where a name has a pattern. */
export function buildPrograms(dockerfile: Dockerfile): Iterable<string> {
  return indexOf(dockerfile).builds.keys();
}

/** Calls by the step that they stand in, in order. */
export function perStep<C extends Pick<Call, "step">>(calls: readonly C[]): Map<Step, C[]> {
  const groups = new Map<Step, C[]>();
  for (const call of calls) {
    const group = groups.get(call.step);
    if (group === undefined) groups.set(call.step, [call]);
    else group.push(call);
  }
  return groups;
}

/** All instructions that run commands, in order. */
export function steps(dockerfile: Dockerfile): readonly Step[] {
  return indexOf(dockerfile).steps;
}

/** RUN instructions, as triggers too, in order. */
export function buildSteps(dockerfile: Dockerfile): Step[] {
  return indexOf(dockerfile).steps.filter(({ run }) => run.keyword === "RUN");
}

/** True if what the step leaves behind ends up in the image; a file without FROM counts as one stage. */
export function isStepShipped({ stage }: Step): boolean {
  return stage === null || stage.shipped;
}

/** hadolint's measure: the stage is the last, or FROM names it, whatever comes of that. */
export function isUsedAsBase({ stages }: Dockerfile, { stage }: Step): boolean {
  if (stage === null || stage.index === stages.length - 1) return true;
  let bases = named.get(stages);
  if (bases === undefined) {
    bases = new Set(stages.map(({ base }) => base));
    named.set(stages, bases);
  }
  return bases.has(stage.index);
}

function pick(index: ReadonlyMap<string, Call[]>, programs: readonly string[]): readonly Call[] {
  const found: Call[][] = [];
  for (const program of programs) {
    const calls = index.get(program);
    if (calls !== undefined) found.push(calls);
  }
  if (found.length < 2) return found[0] ?? NONE;
  return found.flat().toSorted((a, b) => a.step.instruction.index - b.step.instruction.index || a.at - b.at);
}

function indexOf(dockerfile: Dockerfile): Index {
  let index = indexes.get(dockerfile);
  if (index === undefined) {
    index = readIndex(dockerfile);
    indexes.set(dockerfile, index);
  }
  return index;
}

function readIndex({ instructions, stages }: Dockerfile): Index {
  const index: Index = { steps: [], builds: new Map(), all: new Map() };
  for (const instruction of instructions) {
    const run = instruction.trigger ?? instruction;
    if (run.shell.length === 0) continue;
    const step: Step = { instruction, run, stage: stages[instruction.stage] ?? null, calls: [] };
    for (const body of run.shell) {
      for (const written of body.commands) {
        const call: Call = { step, command: unwrap(written), written, body, at: step.calls.length };
        step.calls.push(call);
        const { name } = call.command;
        if (name === null) continue;
        add(index.all, name, call);
        if (run.keyword === "RUN") add(index.builds, name, call);
      }
    }
    index.steps.push(step);
  }
  return index;
}

function add(index: Map<string, Call[]>, name: string, call: Call): void {
  const calls = index.get(name);
  if (calls === undefined) index.set(name, [call]);
  else calls.push(call);
}
