/** A text that was meant as the JSON form, and the same put right. */
export interface MeantJson {
  /** Valid JSON, or null if a machine cannot tell what was meant. */
  text: string | null;
  /** What is wrong with it, to complete "… : it". */
  why: string;
}

/** True if a text begins as an array of strings, whatever follows: `["a`, `['a`, `[ “a`. */
export function looksLikeJson(text: string): boolean {
  return /^\[\s*["'\u2018\u2019\u201C\u201D]/.test(text);
}

/**
 * Why a text that looks like the JSON form is none, and what was meant. Single and typographic quotes, and a comma
 * too many at the end, are put right where nothing inside of them could mean something else.
 */
export function meantJson(text: string): MeantJson {
  const straight = text.replaceAll(/[\u201C\u201D]/g, '"').replaceAll(/[\u2018\u2019]/g, "'");
  const whole = straight.replace(/,\s*\]\s*$/, "]");
  if (!text.trimEnd().endsWith("]")) return { text: null, why: "has no ] at its end" };
  if (isStrings(whole)) {
    return {
      text: whole,
      why: whole === straight ? "has typographic quotes" : "has a comma before its ]",
    };
  }
  if (straight.includes("'") && !/["\\]/.test(whole)) {
    const double = whole.replaceAll("'", '"');
    if (isStrings(double) && isBalanced(whole)) return { text: double, why: "has single quotes" };
  }
  return { text: null, why: straight.includes("'") ? "has single quotes" : "is not an array of strings" };
}

// Quotes stand only beside brackets, commas and blanks: none is an apostrophe within a word.
function isBalanced(text: string): boolean {
  return /^\[\s*'[^']*'(?:\s*,\s*'[^']*')*\s*\]\s*$/.test(text);
}

function isStrings(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) && parsed.every((element) => typeof element === "string");
  } catch {
    return false;
  }
}
