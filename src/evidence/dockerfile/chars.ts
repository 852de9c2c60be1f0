// Characters beyond Latin that Go's unicode.IsSpace knows.
const WIDE = /[\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]/;

/** Whether a UTF-16 unit is white space to the builder (Go, unicode.IsSpace). */
export function isSpace(code: number): boolean {
  if (code < 0x85) return code === 32 || (code >= 9 && code <= 13);
  return code === 0x85 || code === 0xa0 || (code >= 0x1680 && WIDE.test(String.fromCharCode(code)));
}

/** Whether it parts the words of FROM, COPY and others (parser.go, reWhitespace: `[\t\v\f\r ]`). */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9 || (code >= 11 && code <= 13);
}

/** Offset of the first character from `start` that is no white space; `end` if there is none. */
export function skipSpaces(text: string, start: number, end: number = text.length): number {
  let at = start;
  while (at < end && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** Offset behind the last character before `end` that is no white space; `start` if there is none. */
export function trimmedEnd(text: string, start: number, end: number = text.length): number {
  let at = end;
  while (at > start && isSpace(text.charCodeAt(at - 1))) at -= 1;
  return at;
}
