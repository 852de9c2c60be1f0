import type { Dockerfile, Instruction, Stage } from "#model/evidence/dockerfile.ts";

/** The stage that a plain build makes; null in a file without FROM. */
export function finalStage({ stages }: Pick<Dockerfile, "stages">): Stage | null {
  return stages.at(-1) ?? null;
}

/** The stage that an instruction stands in; null before the first FROM. */
export function stageOf(
  { stages }: Pick<Dockerfile, "stages">,
  { stage }: Pick<Instruction, "stage">,
): Stage | null {
  return stages[stage] ?? null;
}

/** True if what an instruction does ends up in the image that a plain build makes. */
export function isShipped(
  dockerfile: Pick<Dockerfile, "stages">,
  instruction: Pick<Instruction, "stage">,
): boolean {
  return stageOf(dockerfile, instruction)?.shipped ?? false;
}

/** What a stage is called in keys and messages: its name, or its number. */
export function stageTitle(stage: Pick<Stage, "name" | "index"> | null): string {
  if (stage === null) return "-";
  return stage.name === null ? String(stage.index) : stage.name.toLowerCase();
}

/** A stage and those that it is built from, the nearest first. FROM names earlier stages only, so this ends. */
export function lineage({ stages }: Pick<Dockerfile, "stages">, stage: Stage): Stage[] {
  const found: Stage[] = [];
  for (
    let at: Stage | undefined = stage;
    at !== undefined;
    at = at.base === null ? undefined : stages[at.base]
  ) {
    found.push(at);
  }
  return found;
}

/** The last instruction of a keyword that holds at the end of a stage, its ancestors included. */
export function effective(
  dockerfile: Pick<Dockerfile, "stages">,
  stage: Stage,
  keyword: string,
): Instruction | null {
  for (let at: Stage | undefined = stage; at !== undefined;) {
    const found = at.instructions.findLast((instruction) => instruction.keyword === keyword);
    if (found !== undefined) return found;
    at = at.base === null ? undefined : dockerfile.stages[at.base];
  }
  return null;
}

const ROOTS = new WeakMap<readonly Stage[], Stage["image"][]>();

/** The image at the root of a stage's ancestors; null if there is no such stage. */
export function rootImage(
  { stages }: Pick<Dockerfile, "stages">,
  { index }: Pick<Stage, "index">,
): Stage["image"] {
  let roots = ROOTS.get(stages);
  if (roots === undefined) {
    roots = [];
    for (const { image, base } of stages) roots.push(base === null ? image : (roots[base] ?? null));
    ROOTS.set(stages, roots);
  }
  return roots[index] ?? null;
}

/** Images of Windows keep other paths, users and shells. */
export function isWindows(dockerfile: Pick<Dockerfile, "escape" | "stages">, stage: Stage | null): boolean {
  if (dockerfile.escape === "`") return true;
  if (stage === null) return false;
  return /(?:^|\/)windows(?:\/|$)|windowsservercore|nanoserver/i.test(
    rootImage(dockerfile, stage)?.text ?? "",
  );
}
