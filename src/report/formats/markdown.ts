import type { Finding, Seen } from "#model/finding.ts";
import type { Compliance, RecommendationState, Report } from "#model/report.ts";
import { SEVERITIES } from "#model/severity.ts";
import { gateText, whyNotCounted } from "../finding-text.ts";
import { markdownBlock, markdownCode, markdownText } from "../markdown-text.ts";
import type { RenderOptions } from "../render.ts";

const MAX_FINDINGS = 200;
const MAX_PROBLEMS = 20;
const MAX_RECOMMENDATIONS = 150;
/** Of one message or value. */
const MAX_TEXT = 400;
const MAX_REMEDIATION = 2000;
/** GitHub refuses comments above 65,536 characters. */
const MAX_CHARACTERS = 60_000;

const STATES: RecommendationState[] = ["pass", "fail", "unknown", "manual", "not-applicable"];

/**
 * For a comment on a pull request, or a wiki: a summary, then the findings, the worst first, each with its
 * evidence and fix to unfold. Bounded, so that a comment takes it; says how much is left out.
 */
export default function markdown(report: Report, { verbose }: RenderOptions): string {
  const before = [...summary(report), ...problems(report)];
  const after = report.compliance === null ? [] : compliance(report.compliance);
  const shown = report.findings.filter(
    ({ verdict }) => verbose || verdict === "fail" || verdict === "unknown",
  );
  const blocks: string[] = [];
  let left = MAX_CHARACTERS - [...before, ...after].join("\n").length;
  for (const finding of shown.slice(0, MAX_FINDINGS)) {
    const block = details(finding);
    left -= block.length + 1;
    if (left < 0) break;
    blocks.push(block);
  }
  const more = shown.length - blocks.length;
  return [
    ...before,
    ...(shown.length === 0 ? [] : ["### Findings\n"]),
    ...blocks,
    ...(more === 0 ? [] : [`${more} more not shown here; the JSON report has them all.\n`]),
    ...after,
  ].join("\n");
}

function summary(report: Report): string[] {
  const { verdicts, failed, excepted, known } = report.summary;
  const counts = [
    `${verdicts.pass} passed`,
    `${verdicts.unknown} unknown`,
    `${verdicts["not-applicable"]} not applicable`,
    `${excepted} excepted`,
    `${known} in the baseline`,
  ];
  return [
    `## Seaworthy: ${gateText(report)}\n`,
    ...table(
      ["severity", "failed"],
      SEVERITIES.toReversed().map((severity) => [severity, String(failed[severity])]),
    ),
    `${counts.join(" · ")}\n`,
    `Evidence of ${markdownText(report.collectedAt)} (${short(report.source)}), seaworthy ${markdownText(report.tool.version)}\n`,
  ];
}

function problems({ problems }: Report): string[] {
  if (problems.length === 0) return [];
  const more = problems.length - MAX_PROBLEMS;
  return [
    "### Problems\n",
    ...problems
      .slice(0, MAX_PROBLEMS)
      .map(({ what, where, todo }) => `- <b>${short(what)}</b> ${short(where)}: ${short(todo)}`),
    ...(more > 0 ? [`- ${more} more`] : []),
    "",
  ];
}

function details(finding: Finding): string {
  const { verdict, severity, subject, message, ruleId, title, location, evidence, remediation } = finding;
  const name = `${subject.kind} ${code(subject.name)}`;
  const why = whyNotCounted(finding);
  return [
    `<details><summary><b>${verdict === "fail" ? severity : verdict}</b> ${name}: ${short(message)}</summary>\n`,
    `- rule: ${code(ruleId)} ${short(title)}`,
    ...(location === null ? [] : [`- at: ${code(`${location.path}:${location.startLine}`)}`]),
    ...(why === null ? [] : [`- ${short(why)}`]),
    ...evidence.map(seen),
    ...(remediation === "" ? [] : [`\nFix:\n\n${markdownBlock(cut(remediation, MAX_REMEDIATION))}`]),
    "\n</details>\n",
  ].join("\n");
}

function seen({ witness, source, path, value }: Seen): string {
  return `- ${witness}: ${code(source)}${path === undefined ? "" : ` ${code(path)}`} = ${code(value)}`;
}

function compliance({ title, sections }: Compliance): string[] {
  const all = sections.flatMap(({ recommendations }) => recommendations);
  const failed = all.filter(({ state }) => state === "fail");
  const rows = sections.map((section) => [
    `${short(section.id)} ${short(section.title)}`,
    ...STATES.map((state) =>
      String(section.recommendations.filter((recommendation) => recommendation.state === state).length),
    ),
  ]);
  const more = failed.length - MAX_RECOMMENDATIONS;
  return [
    `### ${short(title)}\n`,
    ...table(["section", ...STATES], rows),
    ...(failed.length === 0
      ? []
      : [
          `<details><summary>${failed.length} failed</summary>\n`,
          ...table(
            ["id", "recommendation", "rules", "failures"],
            failed
              .slice(0, MAX_RECOMMENDATIONS)
              .map(({ id, title, ruleIds, failures }) => [
                short(id),
                short(title),
                ruleIds.map(code).join(" "),
                String(failures),
              ]),
          ),
          ...(more > 0 ? [`${more} more\n`] : []),
          "</details>\n",
        ]),
  ];
}

/** A table with an empty line after it; the cells are Markdown. */
function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}

function short(text: string): string {
  return markdownText(cut(text));
}

function code(text: string): string {
  return markdownCode(cut(text));
}

/** Cuts what is too long, but never a letter in half. */
function cut(text: string, length = MAX_TEXT): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/\p{Cs}$/u, "")}…`;
}
