import type { Finding, Verdict } from "#model/finding.ts";
import type { Report } from "#model/report.ts";
import type { Severity } from "#model/severity.ts";
import type { Fix, TextEdit } from "#model/text.ts";
import { levelOf, seenText, sentence, visibleLines } from "../finding-text.ts";
import { jsonText } from "../json-text.ts";
import { markdownText } from "../markdown-text.ts";
import type { RenderOptions } from "../render.ts";
import { findingsByRule, type RuleTexts, ruleTexts } from "../rule-texts.ts";
import { rulePageUrl, wellFormed } from "../rule-url.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

const KINDS: Record<Verdict, string> = {
  fail: "fail",
  unknown: "open",
  pass: "pass",
  "not-applicable": "notApplicable",
};

// GitHub sorts by these: critical above 9.0, high from 7.0, medium from 4.0.
const SECURITY_SEVERITY: Record<Severity, string> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "3.0",
  info: "0.0",
};

/** SARIF 2.1.0 with one run. What did not fail is in it only if `verbose`: viewers show every result as an alert. */
export default function sarif(report: Report, { verbose }: RenderOptions): string {
  const shown = report.findings.filter(({ verdict }) => verbose || verdict === "fail");
  const first = findingsByRule(report.findings);
  const ruleIndex = new Map(first.map(({ ruleId }, at) => [ruleId, at]));
  // Sections 3.27.23 and 3.27.24: either all results of a run have these properties, or none.
  const suppresses = shown.some(({ exception }) => exception !== null);
  const compares = report.findings.some(({ known }) => known);
  return jsonText({
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            informationUri: report.tool.informationUri,
            rules: first.map((finding) => descriptor(finding, report.tool.version)),
          },
        },
        invocations: [
          {
            executionSuccessful: report.summary.complete,
            toolExecutionNotifications: report.problems.map(({ what, where, todo }) => ({
              level: "warning",
              message: { text: messageText([`${what}: ${where}`, todo]) },
            })),
          },
        ],
        columnKind: "utf16CodeUnits",
        results: shown.map((finding) => ({
          ruleId: finding.ruleId,
          ruleIndex: ruleIndex.get(finding.ruleId),
          kind: KINDS[finding.verdict],
          // Section 3.27.10: whatever is not `fail` has level `none`.
          level: finding.verdict === "fail" ? levelOf(finding.severity) : "none",
          message: {
            text: messageText([
              sentence(finding),
              ...finding.evidence.map(seenText),
              ...visibleLines(finding.remediation),
            ]),
          },
          locations: [location(finding)],
          ...(finding.fixes.length > 0 ? { fixes: distinct(finding.fixes.map(fix)) } : {}),
          partialFingerprints: {
            "seaworthy/v1": finding.fingerprint,
            // The only key by which GitHub recognises a result of an earlier upload; its form is `hash:count`.
            primaryLocationLineHash: `${finding.fingerprint}:1`,
          },
          ...(suppresses ? { suppressions: suppressions(finding) } : {}),
          ...(compares ? { baselineState: finding.known ? "unchanged" : "new" } : {}),
          properties: { severity: finding.severity, evidence: finding.evidence },
        })),
        properties: { collectedAt: report.collectedAt, source: report.source },
      },
    ],
  });
}

/** Section 3.27.30: no two of them are the same. */
function distinct(fixes: readonly object[]): object[] {
  return [...new Map(fixes.map((each) => [JSON.stringify(each), each])).values()];
}

function descriptor(finding: Finding, version: string): object {
  const rule = ruleTexts(finding);
  return {
    id: rule.id,
    name: identifier(rule.id),
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.risk || rule.title },
    help: { text: helpText(rule), markdown: helpMarkdown(rule) },
    helpUri: rulePageUrl(rule.id, version),
    defaultConfiguration: { level: levelOf(rule.severity) },
    properties: {
      tags: ["security", finding.subject.kind, ...finding.aliases],
      "security-severity": SECURITY_SEVERITY[rule.severity],
    },
  };
}

/** `SW-CTR-PID-HOST` as viewers show names of rules: `CtrPidHost`. */
function identifier(id: string): string {
  return id
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== "SW")
    .map((part) => part.charAt(0) + part.slice(1).toLowerCase())
    .join("");
}

function helpText({ title, risk, countermeasure, remediation }: RuleTexts): string {
  return [risk, countermeasure, remediation].filter(Boolean).join("\n\n") || title;
}

function helpMarkdown({ title, risk, countermeasure, remediation, references }: RuleTexts): string {
  const parts = [
    markdownText(risk),
    markdownText(countermeasure),
    // An indented block of code: nothing in it can end it. Messages must not hold HTML (section 3.11.4.2).
    visibleLines(remediation)
      .map((line) => `    ${line}`)
      .join("\n"),
    references
      .map(
        ({ title, url }) =>
          `- ${url === undefined ? markdownText(title) : `[${markdownText(title)}](${url})`}`,
      )
      .join("\n"),
  ];
  return parts.filter(Boolean).join("\n\n") || markdownText(title);
}

/**
 * Lines as a plain text message. Its only syntax is broken up: `[text](target)` is a link (section 3.11.6) and
 * `{0}` an argument (section 3.11.5).
 */
function messageText(lines: readonly string[]): string {
  return lines
    .join("\n")
    .replaceAll("](", "] (")
    .replace(/\{(\d+)\}/g, "{{$1}}");
}

/** Viewers want a file, and GitHub refuses a result without: a container stands as `container/web`. */
function location({ location, subject }: Finding): object {
  const { kind, name } = subject;
  return {
    physicalLocation:
      location === null
        ? { artifactLocation: { uri: encodePath(`${kind}/${name}`) }, region: { startLine: 1 } }
        : {
            artifactLocation: artifact(location.path),
            region: {
              startLine: location.startLine,
              startColumn: location.startColumn,
              endLine: location.endLine,
              endColumn: location.endColumn,
            },
          },
    logicalLocations: [{ name, fullyQualifiedName: `${kind}/${name}`, kind: "resource" }],
  };
}

/** A way to mend the file: what a viewer offers, with the word for those that need a look (section 3.55). */
function fix({ title, safety, edits }: Fix): object {
  const paths = [...new Set(edits.map(({ path }) => path))];
  return {
    description: { text: messageText([safety === "unsafe" ? `${title} (may change behaviour)` : title]) },
    artifactChanges: paths.map((path) => ({
      artifactLocation: artifact(path),
      replacements: edits.filter((edit) => edit.path === path).map(replacement),
    })),
    properties: { safety },
  };
}

/** An empty region is an insertion, a replacement without content a deletion (section 3.57). */
function replacement({ region, start, end, text }: TextEdit): object {
  return {
    deletedRegion: region ?? { charOffset: start, charLength: end - start },
    ...(text === "" ? {} : { insertedContent: { text } }),
  };
}

function artifact(path: string): object {
  return { uri: path.startsWith("/") ? `file://${encodePath(path)}` : encodePath(path) };
}

function encodePath(path: string): string {
  return wellFormed(path).split("/").map(encodeURIComponent).join("/");
}

function suppressions({ exception }: Finding): object[] {
  if (exception === null) return [];
  return [
    {
      kind: "external",
      status: "accepted",
      justification: exception.reason,
      properties: { source: exception.source, owner: exception.owner, expires: exception.expires },
    },
  ];
}
