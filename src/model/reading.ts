/**
 * The answer of one witness, or the reason why there is none.
 *
 * Whatever a collector could not read stays a `Reading` with a reason down to the rule that needs it,
 * and becomes the verdict `unknown` there; it is never mistaken for "nothing there".
 */
export type Reading<T> = { ok: true; value: T } | { ok: false; why: string };

/** Wraps a value that was read. */
export function got<T>(value: T): Reading<T> {
  return { ok: true, value };
}

/** Stands for a value that could not be read; `why` completes the sentence "not judged: …". */
export function missing(why: string): { ok: false; why: string } {
  return { ok: false, why };
}

/** The value of `reading`, or `fallback` where there is none. */
export function valueOr<T, F>(reading: Reading<T> | undefined, fallback: F): T | F {
  return reading?.ok ? reading.value : fallback;
}

/** Applies `change` to the value, if there is one. */
export function mapReading<T, U>(reading: Reading<T>, change: (value: T) => U): Reading<U> {
  return reading.ok ? got(change(reading.value)) : reading;
}
