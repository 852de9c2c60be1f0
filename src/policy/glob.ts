/**
 * Globs of policy files: `*` stands for any text, also none and also `/` and `:`; `?` for one character;
 * everything else for itself, in the same case. There is no escape: no name that a policy can choose
 * contains `*` or `?`.
 */

/** True if `pattern` contains a wildcard, so that it may stand for several names. */
export function isGlob(pattern: string): boolean {
  return pattern.includes("*") || pattern.includes("?");
}

/**
 * True if the whole of `text` matches `pattern`.
 *
 * Patterns and labels come from people who may want to stall us, so this is no regular expression: it takes
 * the shortest text for each `*` and, on a mismatch, lengthens only that of the last one. An earlier `*` needs
 * no second try, because a longer text for it only leaves less for what follows. At most
 * `pattern.length × text.length` steps, whatever the number of stars, and no memory.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let atPattern = 0;
  let atText = 0;
  let afterStar = -1;
  let starEnd = 0;
  while (atText < text.length) {
    const wanted = pattern[atPattern];
    if (wanted === "*") {
      atPattern += 1;
      if (atPattern === pattern.length) return true;
      afterStar = atPattern;
      starEnd = atText;
    } else if (wanted === "?") {
      atPattern += 1;
      atText = nextCharacter(text, atText);
    } else if (wanted !== undefined && wanted === text[atText]) {
      atPattern += 1;
      atText += 1;
    } else if (afterStar >= 0) {
      starEnd += 1;
      atText = starEnd;
      atPattern = afterStar;
    } else {
      return false;
    }
  }
  while (pattern[atPattern] === "*") atPattern += 1;
  return atPattern === pattern.length;
}

// A character outside of the basic plane takes two places in a string, and is one character for a person.
function nextCharacter(text: string, at: number): number {
  return at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
}
