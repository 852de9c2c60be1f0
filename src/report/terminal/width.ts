// Made when it is needed, which it rarely is.
let graphemes: Intl.Segmenter | undefined;

// Blocks of East Asian Width W and F (UAX #11); emoji that are drawn wide by themselves come from the
// property, which grows with the Unicode version of the runtime.
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d37f}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;
// Drawn on the cell of the letter before: combining marks, and the later letters of a Hangul syllable.
const ZERO = /^[\p{Mn}\p{Me}\u1160-\u11ff\ud7b0-\ud7ff\u200d]/u;
const EMOJI =
  /^\p{Extended_Pictographic}.*[\ufe0f\u200d\p{Emoji_Modifier}]|^[#*\d]\ufe0f?\u20e3|^\p{RI}\p{RI}/u;
const PLAIN = /^[ -~]*$/;
// ASCII, Latin letters, dashes, dots, lines, blocks and our own marks: each a character of its own, and one
// column wide unless a sign of another kind follows.
const SIMPLE = /^[ -~\u00ae-\u024f\u00a1-\u00ac\u2010-\u2027\u2030-\u203b\u2500-\u259f\u2713\u2717]*$/;

/**
 * The characters of a text as people count them: a letter with its accents, an emoji with its modifiers. What
 * would be wider than two columns comes in its parts, so that lines can be broken everywhere.
 */
export function characters(text: string): string[] {
  if (PLAIN.test(text)) return text.split("");
  return clusters(text).flatMap((cluster) => (clusterWidth(cluster) > 2 ? Array.from(cluster) : [cluster]));
}

/** How many columns of a terminal a printable text fills; rather too many than too few. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text) || SIMPLE.test(text)) return text.length;
  return clusters(text).reduce((width, cluster) => width + clusterWidth(cluster), 0);
}

function clusters(text: string): string[] {
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

function clusterWidth(cluster: string): number {
  return EMOJI.test(cluster) ? 2 : sumOfParts(cluster);
}

function sumOfParts(character: string): number {
  let width = 0;
  for (const part of character) width += ZERO.test(part) ? 0 : WIDE.test(part) ? 2 : 1;
  return width;
}

/** The text with blanks up to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** The text with blanks before it up to `width` columns. */
export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}
