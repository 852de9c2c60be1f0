import * as z from "zod";

/** Schema of a `Reading` of `value` (see `#model/reading.ts`). */
export function reading<T extends z.ZodType>(value: T) {
  return z.union([
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), why: z.string() }),
  ]);
}
