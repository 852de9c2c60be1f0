const REFERENCES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Escapes text that has no controls but newlines; U+FFFE and U+FFFF are no characters of XML 1.0. */
export function xml(text: string): string {
  return text.replace(/[&<>"'\ufffe\uffff]/g, (c) => REFERENCES[c] ?? "\ufffd");
}
