// Sets the two verdicts for each recommendation side by side.
import { reasonFor } from "./reasons.mjs";

const THEIRS = { PASS: "fine", WARN: "fault" };
const OURS = { pass: "fine", fail: "fault" };

/** The result of each id in the JSON log of Docker Bench for Security: PASS, WARN, INFO or NOTE. */
export function theirVerdicts(log) {
  const results = log.tests.flatMap((section) => section.results);
  return new Map(results.map(({ id, result }) => [id, result]));
}

/** The state of each id in a report of `seaworthy audit`: pass, fail, unknown, not-applicable or manual. */
export function ourVerdicts(report) {
  const recommendations = report.compliance.sections.flatMap((section) => section.recommendations);
  return new Map(recommendations.map(({ id, state }) => [id, state]));
}

/**
 * One row for each id that either knows, in the order of the ids. Two verdicts agree if both say fine, both say
 * fault, or neither says one of the two: INFO, NOTE, unknown, not-applicable and manual are no verdict.
 */
export function compare(theirs, ours) {
  const ids = [...new Set([...theirs.keys(), ...ours.keys()])].toSorted(byNumber);
  return ids.map((id) => {
    const their = theirs.get(id) ?? "absent";
    const our = ours.get(id) ?? "absent";
    const agree = (THEIRS[their] ?? "none") === (OURS[our] ?? "none");
    return { id, their, our, agree, reason: agree ? null : reasonFor(id, their, our) };
  });
}

function byNumber(a, b) {
  const [left, right] = [a, b].map((id) => id.split(".").map(Number));
  const length = Math.max(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
