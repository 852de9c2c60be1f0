/** The highest port of TCP and UDP. */
export const LAST_PORT = 65_535;

/**
 * True if a port of EXPOSE, or an end of a range, is beyond the last one: `80000`, `40000-80000/tcp`. Variables are
 * not judged.
 */
export function isBeyondLastPort(written: string): boolean {
  const match = /^["']?(?:(\d{1,20})|\$[\w{}]+)(?:-(?:(\d{1,20})|\$[\w{}]+))?(?:\/\w*)?["']?$/.exec(written);
  return match !== null && [match[1], match[2]].some((part) => Number(part ?? "0") > LAST_PORT);
}
