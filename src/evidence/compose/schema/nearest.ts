/** Longer words are no slips of the keyboard. */
const MAX_WORD = 40;

/**
 * The one of `words` that `word` was most likely meant to be: at most two slips away (a letter too many, too
 * few, another one, or two exchanged), and one for short words. null = none is near.
 */
export function nearest(word: string, words: Iterable<string>): string | null {
  if (word.length > MAX_WORD) return null;
  let best: string | null = null;
  let least = word.length <= 4 ? 1 : 2;
  for (const other of words) {
    if (Math.abs(other.length - word.length) > least) continue;
    const slips = distance(word.toLowerCase(), other.toLowerCase(), least);
    if (slips > least || (best !== null && slips === least)) continue;
    best = other;
    least = slips;
  }
  return best;
}

/** Restricted Damerau-Levenshtein distance; anything above `most` reads as `most + 1`. */
function distance(a: string, b: string, most: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (row[j - 1] ?? 0) + 1,
        (previous[j] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    if (Math.min(...row) > most) return most + 1;
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? most + 1;
}
