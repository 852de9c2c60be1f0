import type { InitializeResult } from "vscode-languageserver-protocol";
import { at, listAt, textAt } from "./params.ts";

/** What the editor can show and do, of what we make use of. */
export interface Capabilities {
  relatedInformation: boolean;
  codeDescription: boolean;
  tags: boolean;
  /** Code actions with edits in them; without, the editor knows commands only, of which we have none. */
  actions: boolean;
  /** Edits that name the version of the document for which they hold. */
  versionedEdits: boolean;
  markdown: boolean;
  /** It tells of changed files if asked to. */
  watches: boolean;
}

/** Reads the parameters of `initialize`. */
export function readCapabilities(params: unknown): Capabilities {
  const document = at(params, "capabilities", "textDocument");
  const workspace = at(params, "capabilities", "workspace");
  const published = at(document, "publishDiagnostics");
  const formats = listAt(document, "hover", "contentFormat");
  return {
    relatedInformation: at(published, "relatedInformation") === true,
    codeDescription: at(published, "codeDescriptionSupport") === true,
    tags: at(published, "tagSupport") !== undefined && at(published, "tagSupport") !== false,
    actions: at(document, "codeAction", "codeActionLiteralSupport") !== undefined,
    versionedEdits: at(workspace, "workspaceEdit", "documentChanges") === true,
    markdown: formats.length === 0 || formats.includes("markdown"),
    watches: at(workspace, "didChangeWatchedFiles", "dynamicRegistration") === true,
  };
}

/** The preset that the editor's settings name, in `initializationOptions` or below `seaworthy`. */
export function presetOf(settings: unknown): string | undefined {
  return textAt(settings, "preset") ?? textAt(settings, "seaworthy", "preset");
}

/** The kinds of code actions there are. */
export const FIX_ALL = "source.fixAll.seaworthy";
export const QUICK_FIX = "quickfix";

/** The answer to `initialize`. */
export function initializeResult(version: string): InitializeResult {
  return {
    capabilities: {
      positionEncoding: "utf-16",
      textDocumentSync: {
        openClose: true,
        change: 2, // TextDocumentSyncKind.Incremental
        save: { includeText: false },
      },
      codeActionProvider: { codeActionKinds: [QUICK_FIX, FIX_ALL] },
      hoverProvider: true,
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
    serverInfo: { name: "seaworthy", version },
  };
}
