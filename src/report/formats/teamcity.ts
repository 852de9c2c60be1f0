import type { Finding } from "#model/finding.ts";
import type { Report } from "#model/report.ts";
import type { Severity } from "#model/severity.ts";
import { gateText, isOpen, seenText, sentence, visibleLines } from "../finding-text.ts";
import { findingsByRule, ruleTexts } from "../rule-texts.ts";
import { visible } from "../terminal/visible.ts";

const SEVERITY: Record<Severity, string> = {
  critical: "ERROR",
  high: "ERROR",
  medium: "WARNING",
  low: "WEAK WARNING",
  info: "INFO",
};

/**
 * Service messages for TeamCity (https://www.jetbrains.com/help/teamcity/service-messages.html): an inspection
 * for each failed finding that counts, a warning for what could not be judged or looked at, and a build problem
 * if the gate is reached.
 */
export default function teamcity(report: Report): string {
  const failed = report.findings.filter(isOpen);
  const messages = [
    ...findingsByRule(failed).map((finding) => {
      const { id, title, risk } = ruleTexts(finding);
      return message("inspectionType", {
        id: cut(id, 255),
        name: cut(title, 255),
        category: `Seaworthy: ${finding.subject.kind}`,
        description: cut(risk || title, 4000),
      });
    }),
    ...failed.map((finding) =>
      message("inspection", {
        typeId: cut(finding.ruleId, 255),
        message: cut(detail(finding), 4000),
        file: cut(visible(finding.location?.path ?? `${finding.subject.kind}/${finding.subject.name}`), 4000),
        ...(finding.location === null ? {} : { line: String(finding.location.startLine) }),
        SEVERITY: SEVERITY[finding.severity],
      }),
    ),
    ...report.findings
      .filter(({ verdict }) => verdict === "unknown")
      .map((finding) => warning(`${finding.ruleId} could not be judged: ${sentence(finding)}`)),
    ...report.problems.map(({ what, where, todo }) => warning(visible(`${what}: ${where}: ${todo}`))),
    ...(report.summary.gated === 0
      ? []
      : [
          message("buildProblem", {
            description: cut(`Seaworthy: ${gateText(report)}`, 4000),
            identity: "seaworthy_gate",
          }),
        ]),
  ];
  // A report without anything to say is still a text that ends with a newline.
  if (messages.length === 0) messages.push(message("message", { text: `Seaworthy: ${gateText(report)}` }));
  return `${messages.join("\n")}\n`;
}

function detail(finding: Finding): string {
  return [sentence(finding), ...finding.evidence.map(seenText), ...visibleLines(finding.remediation)].join(
    "\n",
  );
}

function warning(text: string): string {
  return message("message", { text: cut(text, 4000), status: "WARNING" });
}

function message(name: string, attributes: Record<string, string>): string {
  const pairs = Object.entries(attributes).map(([key, value]) => `${key}='${escape(value)}'`);
  return `##teamcity[${name} ${pairs.join(" ")}]`;
}

/** TeamCity refuses longer values; the limits count the text, not its escapes. Never cuts a letter in half. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3).replace(/\p{Cs}$/u, "")}...`;
}

/** Other letters are written as code units, so that they do not depend on the encoding of the build log. */
function escape(text: string): string {
  return text
    .replace(/['|[\]]/g, "|$&")
    .replaceAll("\n", "|n")
    .replace(/[^ -~]/g, (unit) => `|0x${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
