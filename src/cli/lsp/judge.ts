import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Range as LspRange } from "vscode-languageserver-protocol";
import type { SourceKind } from "#model/evidence/source.ts";
import type { Finding, Location, Seen } from "#model/finding.ts";
import { type LineStarts, lineStarts, type Range } from "#model/text.ts";
import { applyPolicy } from "#policy/apply.ts";
import { lintFile, type LintedFile } from "../lint/lint-file.ts";
import type { FolderSettings } from "./settings.ts";
import type { Place } from "./workspace.ts";

/** A version of a document, and what was found in it. */
export interface Judged {
  document: TextDocument;
  version: number;
  place: Place;
  settings: FolderSettings;
  file: LintedFile;
  /** What counts: failed, and accepted by nobody. */
  findings: Finding[];
  /** Lines as findings count them: only `\n` ends one, for an editor a lone `\r` does too. */
  starts: LineStarts;
}

const NO_BASELINE: ReadonlySet<string> = new Set();

/** Judges a document as `seaworthy lint` in its folder would judge the file. */
export function judgeDocument(
  document: TextDocument,
  kind: SourceKind,
  place: Place,
  settings: FolderSettings,
): Judged {
  const text = document.getText();
  // Build contexts are looked up from the working folder, which is that of the editor.
  enter(place.folder);
  const file = lintFile({ path: place.path, kind, text, utf8: true }, settings.setup);
  return {
    document,
    version: document.version,
    place,
    settings,
    file,
    findings: openFindings(file.findings, settings),
    starts: lineStarts(text),
  };
}

/** What of the findings counts under a policy. */
export function openFindings(findings: readonly Finding[], { policy, setup }: FolderSettings): Finding[] {
  return applyPolicy(findings, policy, NO_BASELINE, setup.now).findings.filter(
    ({ verdict, exception }) => verdict === "fail" && exception === null,
  );
}

/** The stretch of the text that a finding is about; the beginning of the file where it names none. */
export function stretchOf({ starts }: Pick<Judged, "starts">, location: Location | null): Range {
  if (location === null) return { start: 0, end: 0 };
  const offset = (line: number, column: number): number => (starts[line - 1] ?? 0) + column - 1;
  return {
    start: offset(location.startLine, location.startColumn),
    end: offset(location.endLine, location.endColumn),
  };
}

/** What was seen elsewhere than in the document, where the reader looks already. */
export function foreignEvidence({ evidence }: Finding, { place }: Pick<Judged, "place">): Seen[] {
  return evidence.filter(({ source }) => source !== place.path && !source.startsWith(`${place.path} `));
}

/** A stretch of the text in the editor's counting: lines and UTF-16 units from 0. */
export function editorRange(document: TextDocument, { start, end }: Range): LspRange {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** True if two ranges have a place in common; ends count, so that a cursor behind a word is on it. */
export function touches(a: LspRange, b: LspRange): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

function isBefore(a: LspRange["start"], b: LspRange["start"]): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function enter(folder: string): void {
  try {
    process.chdir(folder);
  } catch {
    // The folder is gone, or ours no more; what lies around the document cannot be looked at then.
  }
}
