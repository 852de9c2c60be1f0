import type { Finding, Verdict } from "#model/finding.ts";
import type { Report, ReportSubject } from "#model/report.ts";
import { isAtLeast, SEVERITIES, type Severity, severityRank } from "#model/severity.ts";
import type { Subject, SubjectKind } from "#model/subject.ts";
import { isOpen } from "../finding-text.ts";

/** From this many subjects on, a finding that they have in common is told once. */
export const MANY = 4;

/** Open findings by severity. */
export type Tally = Record<Severity, number>;

/** One rule that failed on many subjects of one kind, with one severity. */
export interface SharedFinding {
  ruleId: string;
  severity: Severity;
  /** One per subject and detail, never empty. */
  findings: Finding[];
  subjects: Subject[];
}

/** What many subjects of one kind have in common. */
export interface SharedSection {
  type: "shared";
  kind: SubjectKind;
  shared: SharedFinding[];
  /** How many subjects of this kind were judged. */
  total: number;
  /** Those with nothing at or above medium besides. */
  nothingElse: ReportSubject[];
  tally: Tally;
}

/** One subject and its findings, worst first. */
export interface SubjectSection {
  type: "subject";
  subject: ReportSubject;
  /** Failed and counting; those that many subjects share are not repeated here. */
  open: Finding[];
  /** What it shares with many. */
  shared: SharedFinding[];
  excepted: Finding[];
  known: Finding[];
  byVerdict: Record<Exclude<Verdict, "fail">, Finding[]>;
  tally: Tally;
}

/** A report in the order in which people read it. */
export interface Arrangement {
  /** Worst first; every subject is in one of these or in one of the lists below. */
  sections: (SharedSection | SubjectSection)[];
  /** What is wrong with these at or above medium, they share with many. */
  onlyShared: SubjectSection[];
  /** Nothing at or above medium. */
  clean: SubjectSection[];
  /** Nothing could be judged, or there was nothing to judge. */
  unjudged: SubjectSection[];
}

/**
 * Sorts a report by subject, worst subject first.
 *
 * @param group tell what many subjects share only once
 */
export function arrange(report: Report, group: boolean): Arrangement {
  const shared = group ? sharedFindings(report.findings) : [];
  const told = new Map(shared.flatMap((each) => each.findings.map((finding) => [finding, each])));
  const subjects = subjectSections(report, told);
  const sharedSections = SHARED_ORDER.flatMap((kind): SharedSection[] => {
    const ofKind = shared.filter(({ findings }) => findings[0]?.subject.kind === kind);
    if (ofKind.length === 0) return [];
    const all = subjects.filter(({ subject }) => subject.kind === kind);
    return [
      {
        type: "shared",
        kind,
        shared: ofKind.toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity)),
        total: all.length,
        nothingElse: all.filter(hasOnlySharedFaults).map(({ subject }) => subject),
        tally: tallyOf(ofKind.flatMap(({ findings }) => findings)),
      },
    ];
  });
  const unjudged = subjects.filter((section) => !hasVerdicts(section));
  const clean = subjects.filter(
    (section) =>
      hasVerdicts(section) &&
      !section.open.some(isSerious) &&
      !section.shared.some(({ severity }) => isSerious({ severity })),
  );
  const rest = subjects.filter((section) => hasVerdicts(section) && section.open.some(isSerious));
  return {
    sections: [...sharedSections, ...rest].toSorted(worstFirst),
    onlyShared: subjects.filter(hasOnlySharedFaults),
    clean,
    unjudged,
  };
}

const SHARED_ORDER: SubjectKind[] = ["container", "image", "network", "engine", "swarm", "host"];

function sharedFindings(findings: readonly Finding[]): SharedFinding[] {
  const groups = groupBy(
    findings.filter(isOpen),
    ({ ruleId, severity, subject }) => `${subject.kind}\0${ruleId}\0${severity}`,
  );
  return [...groups.values()].flatMap((group): SharedFinding[] => {
    const [first] = group;
    const subjects = [...new Map(group.map(({ subject }) => [keyOf(subject), subject])).values()];
    if (first === undefined || subjects.length < MANY) return [];
    return [{ ruleId: first.ruleId, severity: first.severity, findings: group, subjects }];
  });
}

function subjectSections(report: Report, told: ReadonlyMap<Finding, SharedFinding>): SubjectSection[] {
  const findings = groupBy(report.findings, keyOfSubject());
  const subjects = new Map<string, ReportSubject>();
  for (const [key, [first]] of findings) if (first) subjects.set(key, { ...first.subject, facts: [] });
  for (const subject of report.subjects) subjects.set(keyOf(subject), subject);
  return [...subjects].map(([key, subject]) => sectionOf(subject, findings.get(key) ?? [], told));
}

function sectionOf(
  subject: ReportSubject,
  own: readonly Finding[],
  told: ReadonlyMap<Finding, SharedFinding>,
): SubjectSection {
  const open: Finding[] = [];
  const excepted: Finding[] = [];
  const known: Finding[] = [];
  const shared = new Set<SharedFinding>();
  const byVerdict: SubjectSection["byVerdict"] = { unknown: [], pass: [], "not-applicable": [] };
  for (const finding of own) {
    const also = told.get(finding);
    if (also !== undefined) shared.add(also);
    else if (isOpen(finding)) open.push(finding);
    if (finding.exception !== null) {
      excepted.push(finding);
      continue;
    }
    if (finding.known) known.push(finding);
    if (finding.verdict !== "fail") byVerdict[finding.verdict].push(finding);
  }
  const tally = tallyOf(open);
  return { type: "subject", subject, open, shared: [...shared], excepted, known, byVerdict, tally };
}

/** {@link keyOf} for findings: those on one subject mostly share the object. */
function keyOfSubject(): (finding: Finding) => string {
  const known = new Map<Subject, string>();
  return ({ subject }) => {
    let key = known.get(subject);
    if (key === undefined) known.set(subject, (key = keyOf(subject)));
    return key;
  };
}

/** Items by key, in the order in which keys come first. (Map.groupBy is newer than our oldest Node.) */
export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Tells subjects apart; names alone may repeat on several engines. */
export function keyOf({ kind, name, id }: Subject): string {
  return `${kind}\0${name}\0${id}`;
}

/** Counts findings by severity. */
export function tallyOf(findings: readonly Finding[]): Tally {
  const tally: Tally = { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
  for (const { severity } of findings) tally[severity] += 1;
  return tally;
}

/** At or above medium. */
export function isSerious({ severity }: { severity: Severity }): boolean {
  return isAtLeast(severity, "medium");
}

function hasOnlySharedFaults(section: SubjectSection): boolean {
  return section.shared.some(isSerious) && !section.open.some(isSerious);
}

function hasVerdicts({ open, shared, excepted, known, byVerdict }: SubjectSection): boolean {
  return [open, shared, excepted, known, byVerdict.pass].some(({ length }) => length > 0);
}

function worstFirst(a: { tally: Tally }, b: { tally: Tally }): number {
  for (const severity of SEVERITIES.toReversed()) {
    const difference = b.tally[severity] - a.tally[severity];
    if (difference !== 0) return difference;
  }
  return 0;
}
