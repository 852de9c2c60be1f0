/**
 * A value as JSON text with a newline at the end. `JSON.stringify` leaves DEL and the C1 controls as they are,
 * and U+009B starts an escape sequence in a terminal just as ESC does (ECMA-48 section 5.3): they are escaped.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${text}\n`;
}
