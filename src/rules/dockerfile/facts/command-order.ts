import type { Call, Step } from "./command-calls.ts";

const firsts = new WeakMap<Step, Map<string, number>>();
const lasts = new WeakMap<Step, Map<string, number>>();

/**
 * Position of the first call of a step that passes a test; Infinity if none does. Remembered, so that asking for
 * every call of a long step takes no longer than asking once.
 *
 * @param key what the test looks for; one key always means the same test
 */
export function firstCall(step: Step, key: string, test: (call: Call) => boolean): number {
  return remembered(firsts, step, key, () => {
    const at = step.calls.findIndex(test);
    return at === -1 ? Infinity : at;
  });
}

/** As {@link firstCall}, for the last one; -1 if none passes. */
export function lastCall(step: Step, key: string, test: (call: Call) => boolean): number {
  return remembered(lasts, step, key, () => step.calls.findLastIndex(test));
}

function remembered(
  memory: WeakMap<Step, Map<string, number>>,
  step: Step,
  key: string,
  find: () => number,
): number {
  let known = memory.get(step);
  if (known === undefined) memory.set(step, (known = new Map()));
  let at = known.get(key);
  if (at === undefined) known.set(key, (at = find()));
  return at;
}
