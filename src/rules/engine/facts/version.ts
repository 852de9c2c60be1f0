import type { EngineVersion } from "#model/evidence/engine.ts";

/** A version in parts that can be compared; see {@link parseVersion}. */
export interface Version {
  major: number;
  minor: number;
  patch: number;
  /** Stage and number: alpha 0, beta 1, rc 2, the release itself 3. */
  stage: readonly [stage: number, number: number];
  /** What follows: the revision of a distribution (`+dfsg1-1+deb12u1`), `-ce`, `+dev`. */
  rest: string;
}

const STAGES: Record<string, number> = { alpha: 0, tp: 0, beta: 1, rc: 2 };
const RELEASE = [3, 0] as const;

/**
 * Reads the versions of Docker, containerd and runc, as upstream (`v1.0.0-rc93`, `29.0.0-rc.1`, `18.06.1-ce`)
 * and as distributions (`5:20.10.24+dfsg1-1`, `1.0.0~rc93+ds1-5`) write them. null = none of these.
 */
export function parseVersion(text: string): Version | null {
  const match =
    /^(?:\d{1,4}:)?v?(\d{1,5})\.(\d{1,5})(?:\.(\d{1,5}))?(?:[-~](alpha|beta|rc|tp)[-.]?(\d{1,5})?)?(.*)$/s.exec(
      text.slice(0, 200),
    );
  if (match === null) return null;
  const [, major, minor, patch = "0", stage, number = "0", rest = ""] = match;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    stage: stage === undefined ? RELEASE : [STAGES[stage] ?? 0, Number(number)],
    rest,
  };
}

/** Order of the upstream parts: negative if `left` is older. What a distribution adds does not count. */
export function compareVersions(left: Version, right: Version): number {
  return (
    left.major - right.major ||
    left.minor - right.minor ||
    left.patch - right.patch ||
    left.stage[0] - right.stage[0] ||
    left.stage[1] - right.stage[1]
  );
}

/**
 * True if `version` holds a fix that was released as `fixed`, one version per branch (major.minor). A branch
 * without a release of its own got the fix only if it is newer than all of them.
 */
export function holdsFix(version: Version, fixed: readonly Version[]): boolean {
  const own = fixed.filter(({ major, minor }) => major === version.major && minor === version.minor);
  return own.length > 0
    ? own.some((release) => compareVersions(version, release) >= 0)
    : fixed.every((release) => compareVersions(version, release) > 0);
}

/** True if a distribution made this build, which may hold fixes that its number does not show. */
export function isDistribution({ rest }: Version): boolean {
  return /^[-~+]?\d|[+~]d(?:fsg|s)\d*|ubuntu|deb\d|azure|\.(?:el|fc|amzn)\d/.test(rest);
}

/** The engine's own version, with the revision of the distribution where only its component tells it. */
export function engineVersion({ version, components }: EngineVersion): string {
  const precise = components.Engine ?? "";
  return precise.startsWith(version) && version !== "" ? precise : version;
}
