import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  type Diagnostic,
  type Hover,
  type InitializeParams,
  type MarkupContent,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  ShowMessageNotification,
  StreamMessageReader,
  StreamMessageWriter,
  type WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { build, ROOT } from "../support/seaworthy.ts";

/** An editor: the client library of VS Code, connected to the built server as editors start it. */
export interface Editor {
  connection: ProtocolConnection;
  process: ChildProcessWithoutNullStreams;
  /** Everything that was published, in order. */
  published: PublishDiagnosticsParams[];
  /** What the user was shown. */
  shown: string[];
  log(): string;
  /** Waits for diagnostics of a document that fit. */
  diagnostics(uri: string, fits?: (params: PublishDiagnosticsParams) => boolean): Promise<Diagnostic[]>;
  /** Resolves to the exit code. */
  ended: Promise<number | null>;
  /** Says `initialize` and `initialized` for a workspace of one folder. */
  initialize(folder: string, changes?: object): Promise<void>;
  open(uri: string, text: string, languageId?: string): Promise<TextDocument>;
  /** The text of what is shown on hover; empty if there is nothing. */
  hover(uri: string, line: number, character: number): Promise<string>;
}

/** What VS Code can do, as far as the server asks. */
const CAPABILITIES: InitializeParams["capabilities"] = {
  textDocument: {
    publishDiagnostics: {
      relatedInformation: true,
      codeDescriptionSupport: true,
      versionSupport: true,
      tagSupport: { valueSet: [1, 2] },
    },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source"] } } },
    hover: { contentFormat: ["markdown", "plaintext"] },
  },
  workspace: {
    workspaceEdit: { documentChanges: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
  },
};

/** Starts the server; nothing is said to it yet. */
export function startEditor(args: readonly string[] = [], cwd = "/"): Editor {
  build();
  const child = spawn(process.execPath, [join(ROOT, "bin/seaworthy.js"), "lsp", ...args], { cwd });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdin.on("error", () => undefined); // It may end first.
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const published: PublishDiagnosticsParams[] = [];
  const shown: string[] = [];
  const waiting = new Set<() => void>();
  connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
    published.push(params);
    for (const look of waiting) look();
  });
  connection.onNotification(ShowMessageNotification.type, ({ message }) => {
    shown.push(message);
  });
  connection.onRequest("client/registerCapability", () => null);
  connection.onError(() => undefined);
  connection.listen();
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return {
    connection,
    process: child,
    published,
    shown,
    log: () => errors,
    ended,
    async initialize(folder, changes = {}) {
      await connection.sendRequest("initialize", {
        processId: process.pid,
        rootUri: null,
        workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "x" }],
        capabilities: CAPABILITIES,
        ...changes,
      });
      await connection.sendNotification("initialized", {});
    },
    async open(uri, text, languageId = "dockerfile") {
      const textDocument = { uri, languageId, version: 1, text };
      await connection.sendNotification("textDocument/didOpen", { textDocument });
      return TextDocument.create(uri, languageId, 1, text);
    },
    async hover(uri, line, character) {
      const params = { textDocument: { uri }, position: { line, character } };
      const answer: Hover | null = await connection.sendRequest("textDocument/hover", params);
      return (answer?.contents as MarkupContent | undefined)?.value ?? "";
    },
    diagnostics(uri, fits = () => true) {
      return new Promise((resolve, reject) => {
        const limit = setTimeout(() => {
          waiting.delete(look);
          reject(
            new Error(`no such diagnostics of ${uri}; published: ${JSON.stringify(published)}; ${errors}`),
          );
        }, 10_000);
        const look = (): void => {
          const found = published.findLast((params) => params.uri === uri && fits(params));
          if (found === undefined) return;
          clearTimeout(limit);
          waiting.delete(look);
          resolve(found.diagnostics);
        };
        waiting.add(look);
        look();
      });
    },
  };
}

/** The text of a document after an edit, as an editor makes it. */
export function edited(document: TextDocument, edit: WorkspaceEdit | undefined): string {
  const edits = (edit?.documentChanges ?? []).flatMap((change) => ("edits" in change ? change.edits : []));
  return TextDocument.applyEdits(
    document,
    edits.flatMap((each) => ("newText" in each ? [each] : [])),
  );
}
