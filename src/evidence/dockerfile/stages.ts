import type { Dockerfile, Instruction, Stage } from "#model/evidence/dockerfile.ts";
import { expand, type Variables } from "./expand.ts";
import { mountFields } from "./mounts.ts";
import { parseReference } from "./reference.ts";
import { markCircles } from "./stage-circles.ts";

/** ARGs that the builder sets before the first FROM (Dockerfile reference, "Automatic platform ARGs"). */
export const PLATFORM_ARGS: readonly string[] = [
  ...["BUILD", "TARGET"].flatMap((side) =>
    ["PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT"].map((part) => `${side}${part}`),
  ),
  "TARGETSTAGE",
];

/**
 * Values of the ARGs before the first FROM, as a build without arguments sees them; null = known only to the build
 * (platform ARGs). An ARG without default has none.
 */
export function globalVariables({
  globalArgs,
  escape,
}: Pick<Dockerfile, "globalArgs" | "escape">): ReadonlyMap<string, string | null> {
  const values = new Map<string, string | null>(PLATFORM_ARGS.map((name) => [name, null]));
  for (const { pairs } of globalArgs) {
    for (const { name, value } of pairs) {
      if (value === null) continue;
      const { text, unknown } = expand(value.raw, values, escape);
      values.set(name.value, unknown ? null : text);
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
    if (instruction.keyword === "FROM")
      stages.push(stageOf(instruction, stages.length, { variables, byName, escape }));
    const stage = stages.at(-1);
    if (stage === undefined) continue;
    instruction.stage = stage.index;
    if (instruction.trigger !== null) instruction.trigger.stage = stage.index;
    if (instruction !== stage.from) stage.instructions.push(instruction);
  }
  link(stages, byName);
  markCircles(stages);
  return stages;
}

function stageOf(
  from: Instruction,
  index: number,
  known: { variables: Variables; byName: Map<string, number>; escape: string },
): Stage {
  const { variables, byName, escape } = known;
  const { text, unresolved } = expandImage(from.from?.image.raw ?? "", variables, escape);
  const base = byName.get(text.toLowerCase()) ?? null;
  const name = from.from?.as?.raw ?? null;
  if (name !== null) byName.set(name.toLowerCase(), index);
  return {
    index,
    name,
    from,
    instructions: [],
    base,
    image: base === null ? { ...parseReference(text), unresolved } : null,
    uses: [],
    shipped: false,
    reachable: false,
    circular: false,
  };
}

/** Variables without value are left as written: `alpine:$VERSION`. */
function expandImage(
  written: string,
  variables: Variables,
  escape: string,
): { text: string; unresolved: boolean } {
  const { text, unknown, missing } = expand(written, variables, escape);
  if (missing.length === 0) return { text, unresolved: unknown };
  const left = expand(written, { get: (name) => variables.get(name) ?? null }, escape);
  return { text: left.text, unresolved: true };
}

/** Index of the stage that `COPY --from` or a mount names, by number or name; null for an image or context. */
export function findStage(stages: readonly Stage[], name: string): number | null {
  return numbered(stages, name) ?? namesOf(stages).get(name.toLowerCase()) ?? null;
}

const NAMES = new WeakMap<readonly Stage[], ReadonlyMap<string, number>>();

// The last stage of a name is the one that is found, even from a stage before it.
function namesOf(stages: readonly Stage[]): ReadonlyMap<string, number> {
  let names = NAMES.get(stages);
  if (names === undefined) {
    names = new Map(
      stages.flatMap(({ name, index }) => (name === null ? [] : [[name.toLowerCase(), index]])),
    );
    NAMES.set(stages, names);
  }
  return names;
}

function numbered(stages: readonly Stage[], name: string): number | null {
  return /^\d{1,9}$/.test(name) && Number(name) < stages.length ? Number(name) : null;
}

/** What an instruction takes from elsewhere: `COPY --from=x`, `RUN --mount=from=x`. */
export function takesFrom({ flags }: Pick<Instruction, "flags">): string[] {
  return flags.flatMap(({ name, value }) => {
    if (value === null) return [];
    if (name === "from") return [value];
    if (name !== "mount") return [];
    return mountFields(value).get("from") ?? [];
  });
}

function link(stages: readonly Stage[], byName: ReadonlyMap<string, number>): void {
  for (const stage of stages) {
    const uses = new Set<number>();
    for (const { flags, trigger } of stage.instructions) {
      if (flags.length === 0 && trigger === null) continue;
      for (const name of [...takesFrom({ flags }), ...takesFrom(trigger ?? { flags: [] })]) {
        const index = numbered(stages, name) ?? byName.get(name.toLowerCase());
        if (index !== undefined) uses.add(index);
      }
    }
    stage.uses = [...uses];
  }
  for (let at: number | null = stages.length - 1; at !== null && at >= 0; at = stages[at]?.base ?? null) {
    (stages[at] as Stage).shipped = true;
  }
  const open = stages.length === 0 ? [] : [stages.length - 1];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const stage = stages[at] as Stage;
    if (stage.reachable) continue;
    stage.reachable = true;
    for (const use of stage.uses) open.push(use);
    if (stage.base !== null) open.push(stage.base);
  }
}
