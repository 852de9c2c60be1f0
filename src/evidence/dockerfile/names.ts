const WIDE_LETTER = /[\p{L}\p{Nd}]/u;

/** Whether a character may stand in the name of a variable (moby/buildkit, shell/lex.go, processName). */
function isNameCharacter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) {
    return (
      (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
    );
  }
  return code >= 128 && WIDE_LETTER.test(text.charAt(at));
}

/**
 * Where the name of a variable that begins at `from` ends; `from` if none does. Digits are a name of their own, and
 * so is each of the shell's special parameters.
 */
export function endOfName(text: string, from: number): number {
  const first = text.charCodeAt(from);
  let at = from;
  if (first >= 48 && first <= 57) {
    while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1;
    return at;
  }
  if (from < text.length && "@*#?-$!".includes(text.charAt(from))) return from + 1;
  while (at < text.length && isNameCharacter(text, at)) at += 1;
  return at;
}
