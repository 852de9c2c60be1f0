// Cc: escape sequences and newlines. Cf: bidi controls, which swap what is read (CVE-2021-42574), and invisible
// characters. Zl, Zp: line breaks. Cs: halves of a pair. A joiner between two emoji is the one that stays.
const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?<!\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})\u200d|\u200d(?!\p{Extended_Pictographic})|(?!\u200d)\p{Cf}/gu;
const PLAIN = /^[ -~]*$/;
const NAMED: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u001b": "\\e" };

/**
 * The text with everything written out that a terminal or browser would obey instead of show: `\n`, `\e`,
 * `\u{202e}`. Names of containers, paths and values come from whoever made them.
 */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(
    UNSAFE,
    (character) => NAMED[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
