import type { Stage } from "#model/evidence/dockerfile.ts";

interface Step {
  at: number;
  next: number;
}

/**
 * Marks the stages that need each other, or themselves: those of one strongly connected component (Tarjan, "Depth-
 * first search and linear graph algorithms", 1972), without recursion, since a hostile file has many stages.
 */
export function markCircles(stages: readonly Stage[]): void {
  const order = new Int32Array(stages.length).fill(-1);
  const low = new Int32Array(stages.length);
  const open = new Uint8Array(stages.length);
  const stack: number[] = [];
  let count = 0;
  const enter = (at: number): Step => {
    order[at] = low[at] = count;
    count += 1;
    stack.push(at);
    open[at] = 1;
    return { at, next: 0 };
  };
  for (const { index } of stages) {
    if (order[index] !== -1) continue;
    const way = [enter(index)];
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const { at } = step;
      const target = needed(stages[at] as Stage, step.next);
      step.next += 1;
      if (target === undefined) {
        way.pop();
        const before = way.at(-1)?.at;
        if (before !== undefined) low[before] = Math.min(low[before] as number, low[at] as number);
        if (low[at] === order[at]) close(stages, at, stack, open);
      } else if (order[target] === -1) way.push(enter(target));
      else if (open[target] === 1) low[at] = Math.min(low[at] as number, order[target] as number);
    }
  }
}

/** Takes a finished component off the stack. */
function close(stages: readonly Stage[], root: number, stack: number[], open: Uint8Array): void {
  const from = stack.lastIndexOf(root);
  const members = stack.splice(from);
  const circular = members.length > 1 || (stages[root] as Stage).uses.includes(root);
  for (const member of members) {
    open[member] = 0;
    if (circular) (stages[member] as Stage).circular = true;
  }
}

/** What a stage needs, one by one: its base, then what it copies from. */
function needed({ base, uses }: Stage, at: number): number | undefined {
  if (base === null) return uses[at];
  return at === 0 ? base : uses[at - 1];
}
