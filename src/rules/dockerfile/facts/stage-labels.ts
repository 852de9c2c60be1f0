import type { Dockerfile, Stage } from "#model/evidence/dockerfile.ts";

/**
 * Stages that hadolint's DL3049 finds without a label. It follows names, not the graph: a stage is fine if it sets
 * the label, if the stage that it is built from by name does, if a later stage copies from it, or if a later stage
 * without a name of its own, built on it, sets the label.
 */
export function silentStages({ stages }: Pick<Dockerfile, "stages">, label: string): Stage[] {
  const goodNames = new Set<string>();
  const open = new Map<Stage, string | null>();
  const byName = new Map<string, Stage[]>();
  const silence = (name: string): void => {
    for (const stage of byName.get(name) ?? []) open.delete(stage);
    byName.delete(name);
  };
  for (const stage of stages) {
    const image = stage.from.from?.image.value ?? "";
    if (goodNames.has(image)) {
      if (stage.name !== null) goodNames.add(stage.name);
    } else {
      open.set(stage, stage.name);
      const same = stage.name === null ? undefined : byName.get(stage.name);
      if (same !== undefined) same.push(stage);
      else if (stage.name !== null) byName.set(stage.name, [stage]);
    }
    for (const { keyword, flags, pairs } of stage.instructions) {
      if (keyword === "COPY") {
        const from = flags.find(({ name }) => name === "from")?.value;
        if (from != null) silence(from);
      } else if (keyword === "LABEL" && pairs.some(({ name }) => name.value === label)) {
        silence(stage.name ?? image);
        open.delete(stage);
        if (stage.name !== null) goodNames.add(stage.name);
      }
    }
  }
  return [...open.keys()];
}
