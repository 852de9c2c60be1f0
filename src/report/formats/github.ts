import type { Finding } from "#model/finding.ts";
import type { Report } from "#model/report.ts";
import {
  gateText,
  isOpen,
  levelOf,
  seenText,
  sentence,
  visibleLines,
  whyNotCounted,
} from "../finding-text.ts";
import type { RenderOptions } from "../render.ts";
import { visible } from "../terminal/visible.ts";

const COMMANDS = { error: "error", warning: "warning", note: "notice" };

/**
 * Workflow commands for the log of GitHub Actions: an annotation for each failed finding that counts and for
 * each problem, the rest in groups that can be opened. GitHub shows the first ten annotations of a kind for a
 * step; the worst come first.
 */
export default function github(report: Report, { verbose }: RenderOptions): string {
  const of = (verdict: Finding["verdict"]) =>
    report.findings.filter((finding) => finding.verdict === verdict);
  const lines = [
    ...report.findings.filter(isOpen).map(annotation),
    ...report.problems.map(({ what, where, todo }) =>
      command("warning", { title: visible(what) }, visible(`${where}: ${todo}`)),
    ),
    ...group(
      "Failed, but does not count",
      of("fail").filter((finding) => !isOpen(finding)),
    ),
    ...group("Could not be judged", of("unknown")),
    ...(verbose ? [...group("Passed", of("pass")), ...group("Not applicable", of("not-applicable"))] : []),
    `Seaworthy: ${gateText(report)}`,
  ];
  return `${lines.join("\n")}\n`;
}

function annotation(finding: Finding): string {
  const { location, severity, ruleId, title } = finding;
  const place =
    location === null
      ? {}
      : {
          file: visible(location.path),
          line: String(location.startLine),
          endLine: String(location.endLine),
        };
  const detail = [sentence(finding), ...finding.evidence.map(seenText), ...visibleLines(finding.remediation)];
  return command(
    COMMANDS[levelOf(severity)],
    { ...place, title: visible(`${severity}: ${title} (${ruleId})`) },
    detail.join("\n"),
  );
}

function command(name: string, properties: Record<string, string>, message: string): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${name} ${pairs.join(",")}::${escapeData(message)}`;
}

/**
 * Findings as plain lines in a group. The runner takes a line for a command if it starts with `::`, which the
 * severity before it prevents, or has `##[` anywhere (actions/runner, ActionCommand.cs), which a blank breaks.
 */
function group(title: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const lines = findings.map((finding) => {
    const why = whyNotCounted(finding);
    const line = `${finding.severity} ${sentence(finding)} ${visible(finding.ruleId)}${why === null ? "" : ` (${why})`}`;
    return line.replaceAll("##[", "## [");
  });
  return [`::group::${title} (${findings.length})`, ...lines, "::endgroup::"];
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
