import type { Finding } from "#model/finding.ts";
import type { Report } from "#model/report.ts";
import { CIS_DOCKER_1_8, CIS_DOCKER_SECTIONS } from "#rules/benchmarks/cis-docker-table.ts";
import { isOpen, sentence, whyNotCounted } from "../finding-text.ts";
import { jsonText } from "../json-text.ts";

const ALIAS = "cis-docker-1.6:";

/** Our titles of the recommendations, by their ids in 1.6. */
const TITLES = new Map(CIS_DOCKER_1_8.map(([, older, , title]) => [older, title]));

type Outcome = "PASS" | "WARN" | "INFO" | "NOTE";

/**
 * The layout of the JSON log of docker-bench-security 1.6, for programs that import it. One result for each
 * recommendation of CIS Docker 1.6 that a finding names; what has no number there is left out.
 */
export default function dockerBenchJson(report: Report): string {
  const byId = new Map<string, Finding[]>();
  for (const finding of report.findings) {
    for (const alias of finding.aliases) {
      if (!alias.startsWith(ALIAS)) continue;
      const id = alias.slice(ALIAS.length);
      const findings = byId.get(id);
      if (findings === undefined) byId.set(id, [finding]);
      else findings.push(finding);
    }
  }
  const results = [...byId]
    .toSorted(([a], [b]) => compareIds(a, b))
    .map(([id, findings]) => toResult(id, findings));
  const sections = [...new Set(results.map(({ id }) => sectionOf(id)))];
  const start = seconds(report.collectedAt);
  const of = (outcome: Outcome) => results.filter(({ result }) => result === outcome).length;
  return jsonText({
    dockerbenchsecurity: `1.6.0 (layout), seaworthy ${report.tool.version}`,
    start,
    tests: sections.map((section) => ({
      id: section,
      desc: sectionTitle(section),
      results: results.filter(({ id }) => sectionOf(id) === section),
    })),
    checks: results.length,
    // As docker-bench-security counts: it may be below zero.
    score: of("PASS") - of("WARN"),
    end: start + Math.ceil(report.summary.durationMs / 1000),
  });
}

function toResult(id: string, findings: readonly Finding[]) {
  const open = findings.filter(isOpen);
  const outcome = outcomeOf(findings, open);
  const shown = outcome === "WARN" ? open : findings.filter(({ verdict }) => verdict !== "pass");
  const remediation = [...new Set(open.map((finding) => finding.remediation))].filter(Boolean);
  return {
    id,
    desc: TITLES.get(id) ?? findings[0]?.title ?? "",
    result: outcome,
    ...(shown.length === 0 ? {} : { details: shown.map(detail).join("; ") }),
    ...(open.length === 0 ? {} : { items: [...new Set(open.map(({ subject }) => subject.name))] }),
    ...(remediation.length === 0 ? {} : { remediation: remediation.join("\n") }),
  };
}

/**
 * WARN: something fails and counts. INFO: something could not be judged. NOTE: it fails but is excepted or in
 * the baseline, or does not apply anywhere. PASS: it was judged, and holds everywhere.
 */
function outcomeOf(findings: readonly Finding[], open: readonly Finding[]): Outcome {
  const has = (verdict: Finding["verdict"]) => findings.some((finding) => finding.verdict === verdict);
  if (open.length > 0) return "WARN";
  if (has("unknown")) return "INFO";
  if (has("fail")) return "NOTE";
  return has("pass") ? "PASS" : "NOTE";
}

function detail(finding: Finding): string {
  const why = finding.verdict === "not-applicable" ? "not applicable" : whyNotCounted(finding);
  return why === null ? sentence(finding) : `${sentence(finding)} (${why})`;
}

/** Sections are the first number of an id; docker-bench-security knows no finer ones. */
function sectionOf(id: string): string {
  return id.split(".", 1)[0] ?? id;
}

function sectionTitle(section: string): string {
  const title = CIS_DOCKER_SECTIONS.find(([id]) => id === section)?.[1];
  return title ?? (section === "1" ? "Host" : `Section ${section}`);
}

/** By numbers: 5.2 stands before 5.10. */
function compareIds(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/** Seconds since the epoch, 0 for a time that cannot be read. */
function seconds(time: string): number {
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000);
}
