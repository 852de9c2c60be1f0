import type { Finding } from "#model/finding.ts";
import type { Report } from "#model/report.ts";
import { seenText, visibleLines } from "../finding-text.ts";

const COLUMNS: Record<string, (finding: Finding) => string> = {
  verdict: ({ verdict }) => verdict,
  severity: ({ severity }) => severity,
  rule: ({ ruleId }) => ruleId,
  title: ({ title }) => title,
  kind: ({ subject }) => subject.kind,
  subject: ({ subject }) => subject.name,
  image: ({ subject }) => subject.image ?? "",
  message: ({ message }) => message,
  evidence: ({ evidence }) => evidence.map(seenText).join("\n"),
  remediation: ({ remediation }) => remediation,
  path: ({ location }) => location?.path ?? "",
  line: ({ location }) => (location === null ? "" : String(location.startLine)),
  known: ({ known }) => (known ? "yes" : "no"),
  exception: ({ exception }) => exception?.reason ?? "",
  owner: ({ exception }) => exception?.owner ?? "",
  expires: ({ exception }) => exception?.expires ?? "",
  aliases: ({ aliases }) => aliases.join(" "),
  fingerprint: ({ fingerprint }) => fingerprint,
};

/** All findings as CSV (RFC 4180: CRLF, a header, quotes doubled). */
export default function csv(report: Report): string {
  const rows = report.findings.map((finding) =>
    Object.values(COLUMNS)
      .map((column) => cell(column(finding)))
      .join(","),
  );
  return [Object.keys(COLUMNS).join(","), ...rows, ""].join("\r\n");
}

/**
 * One cell. Spreadsheets run a cell that starts like a formula, also with the full-width signs
 * (https://owasp.org/www-community/attacks/CSV_Injection): an apostrophe makes it text.
 */
function cell(value: string): string {
  const text = visibleLines(value).join("\n");
  const guarded = /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
