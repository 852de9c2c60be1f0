import type { Diagnostic, DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver-protocol";
import type { Finding } from "#model/finding.ts";
import type { Severity } from "#model/severity.ts";
import { seenText } from "#report/finding-text.ts";
import { issueOf } from "#report/issues.ts";
import { rulePageUrl } from "#report/rule-url.ts";
import type { Capabilities } from "./capabilities.ts";
import { editorRange, foreignEvidence, type Judged, stretchOf } from "./judge.ts";

// Numbers of the specification ("Diagnostic"): error 1, warning 2, information 3, hint 4.
const SEVERITY: Record<Severity, DiagnosticSeverity> = { critical: 1, high: 1, medium: 2, low: 3, info: 4 };
const UNNECESSARY: DiagnosticTag = 1;
const DEPRECATED: DiagnosticTag = 2;

/** What editors strike through or fade, by the names that the rules have in the field. */
const TAGS: Readonly<Record<string, DiagnosticTag>> = {
  DL4000: DEPRECATED,
  MaintainerDeprecated: DEPRECATED,
  LegacyKeyValueFormat: DEPRECATED,
  DL3065: UNNECESSARY,
  RedundantTargetPlatform: UNNECESSARY,
  NoEmptyContinuation: UNNECESSARY,
  "SW-DF-PRAGMA": UNNECESSARY,
};

// More than anybody reads; a document full of faults must not stop the editor.
const MAX_DIAGNOSTICS = 1000;

/** The findings of a document as an editor shows them. */
export function diagnosticsOf(judged: Judged, capabilities: Capabilities, version: string): Diagnostic[] {
  return judged.findings
    .slice(0, MAX_DIAGNOSTICS)
    .map((finding) => diagnosticOf(finding, judged, capabilities, version));
}

/** One finding as a diagnostic. */
export function diagnosticOf(
  finding: Finding,
  judged: Judged,
  { relatedInformation, codeDescription, tags }: Capabilities,
  version: string,
): Diagnostic {
  const range = editorRange(judged.document, stretchOf(judged, finding.location));
  const tag = tags ? tagOf(finding) : undefined;
  const evidence = relatedInformation ? foreignEvidence(finding, judged) : [];
  return {
    range,
    severity: SEVERITY[finding.severity],
    code: finding.ruleId,
    source: "seaworthy",
    message: issueOf(finding).message,
    ...(codeDescription ? { codeDescription: { href: rulePageUrl(finding.ruleId, version) } } : {}),
    ...(tag === undefined ? {} : { tags: [tag] }),
    ...(evidence.length > 0
      ? {
          relatedInformation: evidence.map((seen) => ({
            location: { uri: judged.document.uri, range },
            message: seenText(seen),
          })),
        }
      : {}),
  };
}

function tagOf({ ruleId, aliases }: Finding): DiagnosticTag | undefined {
  const name = [ruleId, ...aliases].find((each) => Object.hasOwn(TAGS, each));
  return name === undefined ? undefined : TAGS[name];
}
