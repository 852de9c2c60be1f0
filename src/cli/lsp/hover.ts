import type { Hover, Position } from "vscode-languageserver-protocol";
import type { Finding } from "#model/finding.ts";
import { issueOf } from "#report/issues.ts";
import { seenText, visibleLines } from "#report/finding-text.ts";
import { type RuleTexts, ruleTexts } from "#report/rule-texts.ts";
import { rulePageUrl } from "#report/rule-url.ts";
import { visible } from "#report/terminal/visible.ts";
import { editorRange, foreignEvidence, type Judged, stretchOf, touches } from "./judge.ts";

// What stands on one place beyond this is read in the list of findings.
const MAX_SHOWN = 5;

/**
 * What is known of the findings at a place: what is wrong, the risk, the countermeasure, the fix, where it is
 * written down.
 *
 * @param markdown false for an editor that shows plain text only
 * @returns null where nothing was found
 */
export function hoverOf(
  judged: Judged,
  position: Position,
  { markdown, version }: { markdown: boolean; version: string },
): Hover | null {
  const cursor = { start: position, end: position };
  const here = judged.findings
    .map((finding) => ({ finding, range: editorRange(judged.document, stretchOf(judged, finding.location)) }))
    .filter(({ range }) => touches(range, cursor));
  const [first] = here;
  if (first === undefined) return null;
  const style = markdown ? MARKDOWN : PLAIN;
  const parts = here.slice(0, MAX_SHOWN).map(({ finding }) => describe(finding, judged, style, version));
  if (here.length > MAX_SHOWN) parts.push(style.text(`… and ${here.length - MAX_SHOWN} more here`));
  return {
    contents: { kind: markdown ? "markdown" : "plaintext", value: parts.join(style.between) },
    range: first.range,
  };
}

interface Style {
  text(text: string): string;
  heading(title: string, rest: string): string;
  label(label: string, text: string): string;
  block(text: string): string;
  link(title: string, url: string | undefined): string;
  between: string;
}

const PLAIN: Style = {
  text: visible,
  heading: (title, rest) => `${visible(title)}\n${visible(rest)}`,
  label: (label, text) => `${label}: ${visible(text)}`.trimEnd(),
  block: (text) =>
    visibleLines(text)
      .map((line) => `    ${line}`)
      .join("\n"),
  link: (title, url) => `- ${visible(title)}${url === undefined ? "" : ` ${url}`}`,
  between: "\n\n",
};

const MARKDOWN: Style = {
  text: escape,
  heading: (title, rest) => `**${escape(title)}**\\\n${escape(rest)}`,
  label: (label, text) => `**${label}:** ${escape(text)}`.trimEnd(),
  // An indented block would end a list, and editors colour a fence.
  block: (text) => {
    const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
    const fence = "`".repeat(longest + 1);
    return `${fence}text\n${visibleLines(text).join("\n")}\n${fence}`;
  },
  link: (title, url) => `- ${url === undefined ? escape(title) : `[${escape(title)}](${url})`}`,
  between: "\n\n---\n\n",
};

function describe(finding: Finding, judged: Judged, style: Style, version: string): string {
  const rule: RuleTexts = ruleTexts(finding);
  const names = [finding.severity, finding.ruleId, ...finding.aliases].join(" · ");
  const { remediation } = finding;
  const evidence = foreignEvidence(finding, judged);
  return [
    style.heading(rule.title, names),
    style.text(issueOf(finding).message),
    evidence.length === 0 ? "" : evidence.map((seen) => style.link(seenText(seen), undefined)).join("\n"),
    rule.risk === "" ? "" : style.label("Risk", rule.risk),
    rule.countermeasure === "" ? "" : style.label("Countermeasure", rule.countermeasure),
    remediation === "" ? "" : `${style.label("Fix", "")}\n\n${style.block(remediation)}`,
    [
      ...rule.references.map(({ title, url }) => style.link(title, url)),
      style.link(`The page of ${finding.ruleId}`, rulePageUrl(finding.ruleId, version)),
    ].join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Text in Markdown, shown as it is: a backslash before what could be structure (CommonMark section 2.4). */
function escape(text: string): string {
  return visible(text)
    .replace(/[\\`*[\]<>|~&!]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\$&")
    .replace(/^([#+=-])/, "\\$1")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}
