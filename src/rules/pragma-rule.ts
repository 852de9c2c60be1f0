import type { SubjectKind } from "#model/subject.ts";
import type { Range } from "#model/text.ts";
import { fail, page, type Rule } from "./rule.ts";

/** A fault of a comment that accepts findings: it is found after all other rules have judged. */
interface Fault {
  message: string;
  range: Range;
  key: string;
}

/** The rule on comments that accept findings, for one kind of file. Its `judge` finds nothing by itself. */
export function pragmaRule<K extends SubjectKind>(subject: K, id: string): Rule<K> {
  return {
    id,
    subject,
    title: "A comment accepts what is not there",
    severity: "info",
    risk: "A comment that accepts a finding nobody has any more hides the next one of its kind; one that has expired accepts nothing, and its author does not know.",
    countermeasure: "Remove the comment, or mend its rule name, place or date.",
    remediation: { dockerfile: "remove the comment, or mend the name, place or date in it" },
    presets: { hadolint: "off" },
    references: [page("Seaworthy: exceptions in files", "https://www.npmjs.com/package/seaworthy")],
    examples: {
      bad: '# seaworthy ignore=SW-DF-USER-ROOT reason="old"\nFROM alpine:3.20\nUSER app',
      good: "FROM alpine:3.20\nUSER app",
    },
    judge: () => [],
  };
}

/** The rule, made to find these faults. */
export function withFaults<K extends SubjectKind>(rule: Rule<K>, faults: readonly Fault[]): Rule<K> {
  return { ...rule, judge: () => faults.map(({ message, range, key }) => fail(message, [], { range, key })) };
}
