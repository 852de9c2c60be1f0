const MOST = 60;

/** A word of the file for a message: in one line, and not too long. */
export function shownWord(word: string): string {
  const line = word.slice(0, MOST * 4).replaceAll(/\s+/g, " ");
  return line.length > MOST ? `${line.slice(0, MOST - 1)}…` : line;
}
