import type { Dockerfile, Instruction, Stage } from "#model/evidence/dockerfile.ts";
import { expand, type Variables } from "./expand.ts";
import { parseReference } from "./reference.ts";

/** ARGs that the builder sets before the first FROM (Dockerfile reference, "Automatic platform ARGs"). */
export const PLATFORM_ARGS = ["BUILD", "TARGET"].flatMap((side) =>
  ["PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT"].map((part) => `${side}${part}`),
);
PLATFORM_ARGS.push("TARGETSTAGE");

/** Values of the ARGs before the first FROM, platform ARGs included: null = known only to the build. */
export function globalVariables({ globalArgs, escape }: Pick<Dockerfile, "globalArgs" | "escape">): Variables {
  const values = new Map<string, string | null>(PLATFORM_ARGS.map((name) => [name, null]));
  for (const { pairs } of globalArgs) {
    for (const { name, value } of pairs) {
      if (value !== null) {
        const { text, unknown } = expand(value.value, values, escape);
        values.set(name.value, unknown ? null : text);
      } else if (!values.has(name.value)) values.set(name.value, "");
    }
  }
  return values;
}

/** Finds the stages and what each is built from. */
export function readStages(dockerfile: Pick<Dockerfile, "instructions" | "globalArgs" | "escape">): Stage[] {
  const { instructions, escape } = dockerfile;
  const variables = globalVariables(dockerfile);
  const stages: Stage[] = [];
  const byName = new Map<string, number>();
  for (const instruction of instructions) {
    if (instruction.keyword !== "FROM") {
      const stage = stages.at(-1);
      if (stage !== undefined) {
        instruction.stage = stage.index;
        stage.instructions.push(instruction);
      }
      continue;
    }
    const written = instruction.from?.image.value ?? "";
    const { text, unknown, missing } = expand(written, variables, escape);
    const base = byName.get(text.toLowerCase()) ?? null;
    const name = instruction.from?.as?.value ?? null;
    const index = stages.length;
    instruction.stage = index;
    stages.push({
      index,
      name,
      from: instruction,
      instructions: [],
      base,
      image: base === null ? { ...parseReference(text), unresolved: unknown || missing.length > 0 } : null,
      uses: [],
      shipped: false,
      reachable: false,
      circular: false,
    });
    if (name !== null && !byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), index);
    else if (name !== null) byName.set(name.toLowerCase(), index);
  }
  link(stages);
  return stages;
}

/** Index of the stage that `COPY --from` or a mount names, by number or name; null for an image or context. */
export function findStage(stages: readonly Stage[], name: string): number | null {
  if (/^\d+$/.test(name)) return Number(name) < stages.length ? Number(name) : null;
  const lower = name.toLowerCase();
  const found = stages.findLast((stage) => stage.name?.toLowerCase() === lower);
  return found?.index ?? null;
}

/** What an instruction takes from elsewhere: `COPY --from=x`, `RUN --mount=from=x`. */
export function takesFrom(instruction: Instruction): string[] {
  return instruction.flags.flatMap(({ name, value }) => {
    if (value === null) return [];
    if (name === "from") return [value];
    if (name !== "mount") return [];
    const from = value.split(",").find((part) => part.startsWith("from="));
    return from === undefined ? [] : [from.slice("from=".length)];
  });
}

function link(stages: readonly Stage[]): void {
  for (const stage of stages) {
    const uses = new Set<number>();
    for (const instruction of stage.instructions) {
      for (const name of [instruction, ...(instruction.trigger === null ? [] : [instruction.trigger])].flatMap(takesFrom)) {
        const index = findStage(stages, name);
        if (index !== null) uses.add(index);
      }
    }
    stage.uses = [...uses];
  }
  for (let at: number | null = stages.length - 1; at !== null && at >= 0; at = stages[at]?.base ?? null) {
    const stage = stages[at] as Stage;
    if (stage.shipped) break;
    stage.shipped = true;
  }
  const open = stages.length === 0 ? [] : [stages.length - 1];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const stage = stages[at] as Stage;
    if (stage.reachable) continue;
    stage.reachable = true;
    open.push(...edges(stage));
  }
  markCircles(stages);
}

function edges({ base, uses }: Stage): number[] {
  return base === null ? uses : [base, ...uses];
}

// Tarjan would tell the same; stages are few, but a hostile file has many, so each is entered once.
function markCircles(stages: readonly Stage[]): void {
  const state = new Uint8Array(stages.length); // 0 unseen, 1 on the way, 2 done
  for (const { index: start } of stages) {
    if (state[start] !== 0) continue;
    const way: { at: number; next: number }[] = [{ at: start, next: 0 }];
    state[start] = 1;
    while (way.length > 0) {
      const step = way.at(-1) as { at: number; next: number };
      const target = edges(stages[step.at] as Stage)[step.next];
      step.next += 1;
      if (target === undefined) {
        state[step.at] = 2;
        way.pop();
      } else if (state[target] === 0) {
        state[target] = 1;
        way.push({ at: target, next: 0 });
      } else if (state[target] === 1) {
        for (const { at } of way.slice(way.findIndex((each) => each.at === target))) {
          (stages[at] as Stage).circular = true;
        }
      }
    }
  }
}
