/** The page of a rule as it was published with this version of the package. */
export function rulePageUrl(ruleId: string, version: string): string {
  const [id, at] = [ruleId, version].map((text) => encodeURIComponent(wellFormed(text)));
  return `https://unpkg.com/seaworthy@${at}/docs/rules/${id}.md`;
}

/** Without halves of surrogate pairs, of which `encodeURIComponent` throws. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}
