import type { Finding } from "#model/finding.ts";
import type { Report } from "#model/report.ts";
import { seenText, visibleLines, whyNotCounted } from "../finding-text.ts";
import { visible } from "../terminal/visible.ts";

interface Case {
  classname: string;
  name: string;
  outcome: "failure" | "skipped" | "passed";
  /** The element within the test case; empty for a plain pass. */
  body: string;
}

/**
 * JUnit XML: a suite for each subject, a case for each finding. What could not be judged is skipped, never
 * passed; so is what could not be looked at (the suite `seaworthy`).
 */
export default function junit(report: Report): string {
  const suites = [...groupBySubject(report.findings)].map(([name, findings]) => ({
    name,
    cases: findings.map((finding) => toCase(finding, findings)),
  }));
  if (report.problems.length > 0) {
    suites.push({
      name: "seaworthy",
      cases: report.problems.map(({ what, where, todo }) => ({
        classname: "seaworthy",
        name: what,
        outcome: "skipped",
        body: `<skipped message="${attribute(`${where}: ${todo}`)}"/>`,
      })),
    });
  }
  const all = suites.flatMap(({ cases }) => cases);
  const time = (report.summary.durationMs / 1000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="seaworthy" ${counts(all)} time="${time}">`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name="${attribute(name)}" ${counts(cases)}${timestamp(report.collectedAt)}>`,
      ...cases.map(element),
      "  </testsuite>",
    ]),
    "</testsuites>\n",
  ].join("\n");
}

function groupBySubject(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.subject.kind} ${finding.subject.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return groups;
}

function toCase(finding: Finding, ofSubject: readonly Finding[]): Case {
  const { subject, ruleId, title } = finding;
  // Servers tell cases apart by their names: findings of one rule on one subject get their id as well.
  const alone = ofSubject.filter((other) => other.ruleId === ruleId).length === 1;
  return {
    classname: `${subject.kind}.${subject.name}`,
    name: `${ruleId} ${title}${alone ? "" : ` (${finding.id})`}`,
    ...outcome(finding),
  };
}

function outcome(finding: Finding): Pick<Case, "outcome" | "body"> {
  const { verdict, severity, message, evidence, remediation } = finding;
  if (verdict === "pass") return { outcome: "passed", body: "" };
  if (verdict !== "fail") {
    const why = `${verdict === "unknown" ? "unknown" : "not applicable"}: ${message}`;
    return { outcome: "skipped", body: `<skipped message="${attribute(why)}"/>` };
  }
  const note = whyNotCounted(finding);
  if (note !== null) {
    return { outcome: "passed", body: `<system-out>${xml(`${note}\n${visible(message)}`)}</system-out>` };
  }
  const detail = [...evidence.map(seenText), ...visibleLines(remediation)].join("\n");
  return {
    outcome: "failure",
    body: `<failure type="${severity}" message="${attribute(message)}">${xml(detail)}</failure>`,
  };
}

function element({ classname, name, body }: Case): string {
  const start = `    <testcase classname="${attribute(classname)}" name="${attribute(name)}"`;
  return body === "" ? `${start}/>` : `${start}>${body}</testcase>`;
}

function counts(cases: readonly Case[]): string {
  const of = (outcome: Case["outcome"]) => cases.filter((one) => one.outcome === outcome).length;
  return `tests="${cases.length}" failures="${of("failure")}" errors="0" skipped="${of("skipped")}"`;
}

/** The readers' schema knows no fractions and no zone; the evidence's time is UTC. */
function timestamp(collectedAt: string): string {
  const [seconds] = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(collectedAt) ?? [];
  return seconds === undefined ? "" : ` timestamp="${seconds}"`;
}

function attribute(text: string): string {
  return xml(visible(text));
}

const REFERENCES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Escapes text that has no controls but newlines; U+FFFE and U+FFFF are no characters of XML 1.0. */
function xml(text: string): string {
  return text.replace(/[&<>"'\ufffe\uffff]/g, (c) => REFERENCES[c] ?? "\ufffd");
}
