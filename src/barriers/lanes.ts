import type { BarrierFacts } from "./facts.ts";
import { type Lane, stands } from "./model.ts";
import { user } from "./standing.ts";
import { type Technique, TECHNIQUES } from "./technique-table.ts";

/** Every technique as it stands for one container. */
export function lanesOf(facts: BarrierFacts, techniques: readonly Technique[] = TECHNIQUES): Lane[] {
  return techniques.map((technique) => {
    const { structure: ask, barriers: of, ...info } = technique;
    const structure = ask?.(facts) ?? { there: true, why: "" };
    const barriers = [...(info.needsRoot ? [user] : []), ...of].map((barrier) => barrier(facts));
    const standing = structure.there ? barriers.filter(stands).length : Infinity;
    return { technique: info, structure, barriers, standing, open: standing === 0 };
  });
}
