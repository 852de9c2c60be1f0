import type { Dockerfile, Instruction } from "#model/evidence/dockerfile.ts";

const CACHE = new WeakMap<Dockerfile, Map<string, Instruction[]>>();
const NONE: readonly Instruction[] = [];

/**
 * All instructions with a keyword, in order; triggers of ONBUILD are not among them. The file is walked once,
 * however many rules ask.
 *
 * @param keyword upper case: `RUN`
 */
export function instructionsOf(dockerfile: Dockerfile, keyword: string): readonly Instruction[] {
  let found = CACHE.get(dockerfile);
  if (found === undefined) {
    found = new Map();
    for (const instruction of dockerfile.instructions) {
      const same = found.get(instruction.keyword);
      if (same === undefined) found.set(instruction.keyword, [instruction]);
      else same.push(instruction);
    }
    CACHE.set(dockerfile, found);
  }
  return found.get(keyword) ?? NONE;
}

/** COPY and ADD in the order of the file. */
export function copiesOf(dockerfile: Dockerfile): readonly Instruction[] {
  const copies = instructionsOf(dockerfile, "COPY");
  const adds = instructionsOf(dockerfile, "ADD");
  if (adds.length === 0) return copies;
  return copies.length === 0 ? adds : [...copies, ...adds].toSorted((a, b) => a.index - b.index);
}

/** Value of a flag, the last one if it is given twice: `flagOf(copy, "from")`. null without it. */
export function flagOf({ flags }: Pick<Instruction, "flags">, name: string): string | null {
  return flags.findLast((flag) => flag.name === name)?.value ?? null;
}
