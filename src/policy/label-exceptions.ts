import type { AppliedException, Finding } from "#model/finding.ts";
import type { Problem } from "#model/problem.ts";
import type { Subject } from "#model/subject.ts";

const PREFIX = "seaworthy.exception.";

/** The exception that a container's own label `seaworthy.exception.<rule id>` makes for a failed finding. */
export function labelException({ verdict, ruleId, subject }: Finding): AppliedException | null {
  const label = PREFIX + ruleId;
  if (verdict !== "fail" || subject.kind !== "container") return null;
  if (subject.labels === undefined || !Object.hasOwn(subject.labels, label)) return null;
  const reason = (subject.labels[label] ?? "").trim();
  return reason === "" ? null : { reason, source: `label ${label}` };
}

/**
 * What to say of the labels on the containers of `findings`: that they were ignored where the policy does not
 * let them count, that one lacks its reason, that one covers nothing.
 *
 * @param policyName the policy file, as problems name it
 */
export function labelNotices(findings: readonly Finding[], counts: boolean, policyName: string): Problem[] {
  const carriers = new Map<string, Subject>();
  const open = new Set<string>();
  for (const { subject, verdict, ruleId } of findings) {
    if (subject.kind !== "container") continue;
    if (exceptionLabels(subject).length > 0) carriers.set(subject.id, subject);
    if (verdict === "fail" || verdict === "unknown") open.add(`${subject.id} ${ruleId}`);
  }
  const labels = [...carriers.values()].flatMap((subject) =>
    exceptionLabels(subject).map((label) => ({
      text: `${label} on ${subject.name}`,
      hasReason: subject.labels?.[label]?.trim() !== "",
      isNeeded: open.has(`${subject.id} ${label.slice(PREFIX.length)}`),
    })),
  );
  if (!counts) {
    return list(
      "ignored",
      labels,
      policyName,
      "set labelExceptions: true in the policy if those who label containers may accept risks",
    );
  }
  return [
    ...list(
      "without a reason, so ignored",
      labels.filter(({ hasReason }) => !hasReason),
      "labels of containers",
      "write the reason as the value of the label",
    ),
    ...list(
      "that cover nothing",
      labels.filter(({ hasReason, isNeeded }) => hasReason && !isNeeded),
      "labels of containers",
      "remove them, or correct the rule's id",
    ),
  ];
}

function exceptionLabels({ labels = {} }: Subject): string[] {
  return Object.keys(labels).filter((label) => label.startsWith(PREFIX));
}

// Whoever starts containers chooses how many labels there are, so a notice names only a few.
const SHOWN = 3;

function list(state: string, labels: readonly { text: string }[], where: string, todo: string): Problem[] {
  if (labels.length === 0) return [];
  const shown = labels.slice(0, SHOWN).map(({ text }) => text);
  const more = labels.length - shown.length;
  const names = shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
  return [{ what: `exception labels ${state}: ${names}`, where, todo }];
}
