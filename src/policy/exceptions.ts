import type { AppliedException, Finding } from "#model/finding.ts";
import type { Problem } from "#model/problem.ts";
import type { Exception } from "./policy.ts";
import { matchesRule, matchesSubject } from "./selectors.ts";

/** What was seen of one exception while the findings went by. */
interface Entry {
  exception: Exception;
  expired: boolean;
  /** It was the first to cover a failure, or something that could not be judged and may be one. */
  needed: boolean;
  /** An earlier one covers what it would cover. */
  shadowed: boolean;
  /** Failures that count again because it has expired. */
  reopened: number;
}

/** The exceptions of a policy at work. */
export interface ExceptionBook {
  /** The first exception in force that covers a failed finding. */
  cover(finding: Finding): AppliedException | null;
  /** Tells the book that a failed finding stays open, so that it can name the exceptions that ran out. */
  stayedOpen(finding: Finding): void;
  /** What has expired or covers nothing; ask after the last finding. */
  notices(): Problem[];
}

const DAY_MS = 86_400_000;

/** True after the end of the last day (UTC); a text that is no date never covers anything. */
export function hasExpired(expires: string | null, now: number): boolean {
  return expires !== null && !(now < Date.parse(`${expires}T00:00:00Z`) + DAY_MS);
}

/** Opens the exceptions of a policy; `now` (ms) decides what has expired. */
export function openExceptions(exceptions: readonly Exception[], now: number): ExceptionBook {
  const entries = exceptions.map((exception): Entry => ({
    exception,
    expired: hasExpired(exception.expires, now),
    needed: false,
    shadowed: false,
    reopened: 0,
  }));
  const byRule = new Map<string, Entry[]>();

  function matching(finding: Finding): Entry[] {
    let ofRule = byRule.get(finding.ruleId);
    if (ofRule === undefined) {
      ofRule = entries.filter(({ exception }) => matchesRule(exception.rule, finding));
      byRule.set(finding.ruleId, ofRule);
    }
    return ofRule.filter(({ exception }) => matchesSubject(exception.subject, finding.subject));
  }

  return {
    cover(finding) {
      // What could not be judged may be a failure: no reason to call its exception superfluous.
      if (finding.verdict !== "fail" && finding.verdict !== "unknown") return null;
      const [first, ...others] = matching(finding).filter(({ expired }) => !expired);
      if (first === undefined) return null;
      first.needed = true;
      for (const other of others) other.shadowed = true;
      return finding.verdict === "fail" ? applied(first.exception) : null;
    },
    stayedOpen(finding) {
      for (const entry of matching(finding)) entry.reopened += 1;
    },
    notices: () => entries.flatMap((entry) => notice(entry) ?? []),
  };
}

function applied({ reason, owner, expires, source }: Exception): AppliedException {
  return {
    reason,
    ...(owner === "" ? {} : { owner }),
    ...(expires === null ? {} : { expires }),
    source,
  };
}

function notice({ exception, expired, needed, shadowed, reopened }: Entry): Problem | null {
  const name = `exception for ${exception.rule} on ${exception.subject}`;
  const where = exception.source;
  if (expired) {
    const what = `${name} expired on ${exception.expires}`;
    if (reopened === 0) return { what, where, todo: "remove it" };
    return {
      what: `${what}: ${reopened === 1 ? "1 finding fails" : `${reopened} findings fail`} again`,
      where,
      todo: "fix what it covered, or give it a later date",
    };
  }
  if (needed) return null;
  if (shadowed) {
    return { what: `${name} is never reached: an earlier one covers the same`, where, todo: "remove it" };
  }
  return { what: `${name} covers nothing`, where, todo: "remove it, unless another host needs it" };
}
