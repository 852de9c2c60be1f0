import { diffLines } from "diff";
import type {
  CodeAction,
  Diagnostic,
  Range as LspRange,
  TextEdit as LspEdit,
} from "vscode-languageserver-protocol";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Finding } from "#model/finding.ts";
import type { Fix, Range } from "#model/text.ts";
import { mendFile } from "../lint/mend-files.ts";
import { acceptFix } from "./accept.ts";
import { type Capabilities, FIX_ALL, QUICK_FIX } from "./capabilities.ts";
import { diagnosticOf } from "./diagnostics.ts";
import { editorRange, type Judged, stretchOf, touches } from "./judge.ts";

/** What an editor asks for. */
export interface ActionsRequest {
  range: LspRange;
  /** Only these kinds and what lies below them; empty: all. */
  only: readonly string[];
}

// A cursor stands on few findings; a selection of a whole file would have a comment tried out for each.
const MAX_ACCEPTED = 20;
const DIFF_MS = 500;

/** What can be done about the findings in a range, and for the whole document. */
export function actionsOf(
  judged: Judged,
  { range, only }: ActionsRequest,
  capabilities: Capabilities,
  version: string,
): CodeAction[] {
  if (!capabilities.actions) return [];
  const wanted = (kind: string): boolean =>
    only.length === 0 || only.some((each) => kind === each || kind.startsWith(`${each}.`) || each === "");
  const { document } = judged;
  const actions: CodeAction[] = [];
  if (wanted(QUICK_FIX)) {
    const here = judged.findings.filter((finding) =>
      touches(editorRange(document, stretchOf(judged, finding.location)), range),
    );
    for (const finding of here) {
      const diagnostic = diagnosticOf(finding, judged, capabilities, version);
      actions.push(...quickFixes(finding, diagnostic, judged, capabilities));
    }
    for (const finding of here.slice(0, MAX_ACCEPTED)) {
      const fix = acceptFix(finding, judged);
      if (fix === null) continue;
      const diagnostic = diagnosticOf(finding, judged, capabilities, version);
      actions.push(action(fix, [diagnostic], judged, capabilities));
    }
  }
  if (wanted(FIX_ALL)) {
    const all = fixAll(judged, capabilities);
    if (all !== null) actions.push(all);
  }
  return actions;
}

function quickFixes(
  finding: Finding,
  diagnostic: Diagnostic,
  judged: Judged,
  capabilities: Capabilities,
): CodeAction[] {
  const inside = finding.fixes.filter(
    ({ edits }) => edits.length > 0 && edits.every(({ path }) => path === judged.place.path),
  );
  const [first] = inside;
  return inside.map((fix) => {
    const unsafe = fix.safety === "unsafe";
    const title = unsafe ? `${fix.title} (may change behaviour)` : fix.title;
    const made = action({ ...fix, title }, [diagnostic], judged, capabilities);
    // Editors apply what is preferred without a question.
    return fix === first && !unsafe ? { ...made, isPreferred: true } : made;
  });
}

function action(
  { title, edits }: Fix,
  diagnostics: Diagnostic[],
  { document }: Judged,
  capabilities: Capabilities,
): CodeAction {
  const changes = edits.map((edit) => ({ range: editorRange(document, edit), newText: edit.text }));
  return { title, kind: QUICK_FIX, diagnostics, edit: workspaceEdit(document, changes, capabilities) };
}

/** One action that mends everything that is safe to mend, as `--fix` does. */
function fixAll(judged: Judged, capabilities: Capabilities): CodeAction | null {
  const { document, file, settings, findings } = judged;
  if (!findings.some(({ fixes }) => fixes.some(({ safety }) => safety === "safe"))) return null;
  const { policy, setup } = settings;
  const result = mendFile(file, { setup, policy, baseline: new Set(), mode: "safe" });
  if (result === null || result.mended.after === result.mended.before) return null;
  const changes = differences(result.mended.before, result.mended.after).map(({ text, ...range }) => ({
    range: editorRange(document, range),
    newText: text,
  }));
  return {
    title: "Mend everything that is safe to mend",
    kind: FIX_ALL,
    edit: workspaceEdit(document, changes, capabilities),
  };
}

/** The lines in which two texts differ, as edits of the first: what stays keeps its marks and folds. */
export function differences(before: string, after: string): (Range & { text: string })[] {
  const parts = diffLines(before, after, { timeout: DIFF_MS });
  if (parts === undefined) return [{ start: 0, end: before.length, text: after }];
  const edits: (Range & { text: string })[] = [];
  let at = 0;
  let open: (Range & { text: string }) | null = null;
  for (const { added, removed, value } of parts) {
    if (!added && !removed) {
      at += value.length;
      open = null;
      continue;
    }
    if (open === null) {
      open = { start: at, end: at, text: "" };
      edits.push(open);
    }
    if (added) open.text += value;
    else {
      at += value.length;
      open.end = at;
    }
  }
  return edits;
}

function workspaceEdit(
  { uri, version }: TextDocument,
  edits: LspEdit[],
  { versionedEdits }: Capabilities,
): NonNullable<CodeAction["edit"]> {
  return versionedEdits
    ? { documentChanges: [{ textDocument: { uri, version }, edits }] }
    : { changes: { [uri]: edits } };
}
