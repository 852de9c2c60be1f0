const LONGEST = 64;

/**
 * The one candidate that a word is most likely a slip for: nearest by letters put in, left out, changed or swapped,
 * case aside; null if none is near enough, or two are equally near.
 *
 * @param most how many slips are allowed; the builder suggests up to two (moby/buildkit, util/suggest)
 */
export function nearest(word: string, candidates: Iterable<string>, most = 2): string | null {
  if (word.length > LONGEST) return null;
  const upper = word.toUpperCase();
  let best: string | null = null;
  let least = most + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - upper.length) > least) continue;
    const slips = slipsBetween(upper, candidate.toUpperCase());
    if (slips < least) {
      best = candidate;
      least = slips;
    } else if (slips === least) best = null;
  }
  return best;
}

/** Optimal string alignment distance: Levenshtein's, with two neighbours swapped as one slip. */
function slipsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          (last[j] as number) + 1,
          (row[j - 1] as number) + 1,
          (last[j - 1] as number) + changed,
          swapped ? (before[j - 2] as number) + 1 : Infinity,
        ),
      );
    }
    before = last;
    last = row;
  }
  return last[b.length] as number;
}
