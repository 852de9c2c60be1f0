const SHOWN = 80;

/** Text of a file on one line of a message: cut short, and without characters that a terminal would obey. */
export function printable(text: string): string {
  const cut = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return cut.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

/**
 * The one of `names` that a person most likely meant by `text`: the same in another case, the end of an alias
 * (`5.16` of `cis-docker-1.8:5.16`), or the one with the fewest slips of the keyboard; undefined if none is near.
 */
export function nearest(text: string, names: readonly string[]): string | undefined {
  const wanted = text.toLowerCase();
  const certain = names.find((name) => name.toLowerCase() === wanted || name.endsWith(`:${text}`));
  if (certain !== undefined) return certain;
  let best: string | undefined;
  // A third of the letters may be wrong, and no more than three.
  let least = Math.min(3, Math.floor(text.length / 3)) + 1;
  for (const name of names) {
    const slips = slipsBetween(wanted, name.toLowerCase(), least);
    if (slips < least) [best, least] = [name, slips];
  }
  return best;
}

/** `; did you mean …?` as the end of a sentence, or nothing. */
export function didYouMean(suggestion: string | undefined): string {
  return suggestion === undefined ? "" : `; did you mean ${suggestion}?`;
}

/**
 * How many letters must be added, left out, changed or swapped with their neighbour (optimal string alignment
 * distance); `limit` if that many or more.
 */
function slipsBetween(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let slips = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        slips = Math.min(slips, (before[j - 2] ?? 0) + 1);
      }
      row.push(slips);
    }
    [before, last] = [last, row];
  }
  return Math.min(limit, last[b.length] ?? limit);
}
