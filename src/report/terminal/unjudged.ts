import type { Finding } from "#model/finding.ts";
import { groupBy } from "./arrange.ts";

/** Why findings could not be judged, told once. */
export interface Reason {
  why: string;
  findings: Finding[];
}

/** Groups unknown findings by reason, the most frequent first; the pid and the subject's id do not count. */
export function reasonsOf(findings: readonly Finding[]): Reason[] {
  const unknown = findings.filter(({ verdict, exception }) => verdict === "unknown" && exception === null);
  return [...groupBy(unknown, general)]
    .map(([shape, group]) => {
      const own = new Set(group.map(({ message }) => message));
      return { why: withHint(own.size === 1 ? (group[0]?.message ?? shape) : shape), findings: group };
    })
    .toSorted((a, b) => b.findings.length - a.findings.length);
}

// 50 containers whose /proc files are closed have one reason, not 50.
function general({ message, subject }: Finding): string {
  const text = message.replace(/\/proc\/\d+/g, "/proc/…");
  const names = [subject.id, subject.id.replace(/^sha256:/, "").slice(0, 12), subject.name];
  return names.filter(({ length }) => length > 2).reduce((left, name) => left.replaceAll(name, "…"), text);
}

// Reasons of failed system calls say what failed; that root could is the same for all of them.
function withHint(why: string): string {
  return /permission denied/i.test(why) && !/\b(?:sudo|root)\b/i.test(why) ? `${why} — run with sudo` : why;
}
