import type { ShellBody } from "#model/evidence/shell.ts";
import type { Call, Step } from "./command-calls.ts";
import { firstCall } from "./command-order.ts";

/** Commands that are joined by `|`. */
export interface Pipeline {
  /** Its simple commands in order; compound ones (`{ … } | x`) have none. */
  calls: Call[];
  /** How many commands it joins. */
  pipes: number;
}

/** Pipelines of a step at any depth, in order of their first simple command. */
export function pipelinesOf({ calls }: Step): Pipeline[] {
  const found: Pipeline[] = [];
  const byBody = new Map<ShellBody, Map<number, Pipeline>>();
  for (const call of calls) {
    const { pipes, pipeline } = call.written;
    if (pipes < 2) continue;
    let pipelines = byBody.get(call.body);
    if (pipelines === undefined) byBody.set(call.body, (pipelines = new Map()));
    const known = pipelines.get(pipeline);
    if (known !== undefined) known.calls.push(call);
    else {
      const made = { calls: [call], pipes };
      pipelines.set(pipeline, made);
      found.push(made);
    }
  }
  return found;
}

/**
 * True if the shell is started so that a pipeline fails where any of its commands does.
 *
 * @param strictly as hadolint has it: a word of its own, and only for bash, zsh and ash
 */
export function startsWithPipefail({ program, options }: ShellBody, strictly: boolean): boolean {
  if (strictly && !/(?:^|\/)(?:bash|zsh|ash)$/.test(program)) return false;
  return options.some(
    (option, at) =>
      (option === "pipefail" && /^-[A-Za-z]*o$/.test(options[at - 1] ?? "")) ||
      (!strictly && /^-[A-Za-z]*opipefail$/.test(option)),
  );
}

/** True if an earlier command of the same body says `set -o pipefail`. */
export function setsPipefail({ step, at, body }: Call): boolean {
  const sets = ({ command: { name, args } }: Call): boolean =>
    name === "set" &&
    args.some(
      ({ value }, place) => value === "pipefail" && /^-[A-Za-z]*o$/.test(args[place - 1]?.value ?? ""),
    );
  const first = firstCall(step, "set -o pipefail", sets);
  return first < at && step.calls[first]?.body === body;
}
