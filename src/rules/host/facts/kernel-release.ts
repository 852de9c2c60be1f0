/** A kernel release as `uname -r` prints it, taken apart. */
interface Release {
  /** `6.1.0-40` as numbers. */
  version: number[];
  /** Of a release candidate; those without come after all candidates. */
  candidate: number;
  /** Numbers after the first word, `arch1-2`. */
  rest: number[];
  /** Words in it: distribution and build (`amd`, `cloud`, `el`). Releases of other words do not replace it. */
  flavour: string;
}

/** Takes `6.1.0-40-cloud-amd64`, `5.14.0-427.13.1.el9_4.x86_64`, `6.10.0-rc3`, `6.9.1-arch1-1` apart. */
function parseRelease(release: string): Release {
  const [, candidate] = /-rc(\d+)/.exec(release) ?? [];
  const text = release.replace(/-rc\d+/, "");
  const head = /^[\d.\-_+~]*/.exec(text)?.[0] ?? "";
  return {
    version: numbers(head),
    candidate: candidate === undefined ? Number.POSITIVE_INFINITY : Number(candidate),
    rest: numbers(text.slice(head.length)),
    flavour: (text.match(/[A-Za-z]+/g) ?? []).join("-").toLowerCase(),
  };
}

/** Below 0 if `a` is older than `b`, above 0 if newer. Only releases of one flavour can be compared. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [parseRelease(a), parseRelease(b)];
  return (
    compareNumbers(left.version, right.version) ||
    (left.candidate === right.candidate ? 0 : left.candidate - right.candidate) ||
    compareNumbers(left.rest, right.rest)
  );
}

/** True if one release is an update of the other: same distribution, same build, same architecture. */
export function sameFlavour(a: string, b: string): boolean {
  return parseRelease(a).flavour === parseRelease(b).flavour;
}

function numbers(text: string): number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}

// Numbers, not text: 6.1.0-9 is older than 6.1.0-10. What goes on longer is newer: 427 < 427.13.1.
function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? -1) - (b[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
