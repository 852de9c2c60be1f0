import type { CodeAction, Hover, PublishDiagnosticsParams } from "vscode-languageserver-protocol";
import { actionsOf } from "./actions.ts";
import { type Capabilities, presetOf, readCapabilities } from "./capabilities.ts";
import { diagnosticsOf } from "./diagnostics.ts";
import { documents } from "./documents.ts";
import { hoverOf } from "./hover.ts";
import { type Judged, judgeDocument } from "./judge.ts";
import { documentKind, isSettingsFile } from "./kind.ts";
import { listAt, positionAt, rangeAt, textAt } from "./params.ts";
import { type ServerOptions, settingsStore } from "./settings.ts";
import { pathOfUri, placeOf } from "./workspace.ts";

/** What the session tells the editor. */
export interface Client {
  publish(params: PublishDiagnosticsParams): void;
  /** For the user: a mistake in a settings file. */
  show(sentence: string): void;
  /** For whoever looks into the log. */
  log(sentence: string): void;
}

/** One editor, from `initialize` to `exit`. Notifications and requests take their parameters as they came. */
export interface Session {
  initialize(params: unknown): Capabilities;
  configure(params: unknown): void;
  changeFolders(params: unknown): void;
  filesChanged(params: unknown): void;
  opened(params: unknown): void;
  changed(params: unknown): void;
  saved(params: unknown): void;
  closed(params: unknown): void;
  actions(params: unknown): Promise<CodeAction[]>;
  hover(params: unknown): Promise<Hover | null>;
  /** Stops what waits. */
  end(): void;
}

/** How long typing has to pause before a document is judged. */
const PAUSE_MS = 150;

/** Starts a session; it keeps the documents and judges them when they, or what they are judged by, change. */
export function startSession(client: Client, options: ServerOptions): Session {
  const open = documents(client.log);
  const settings = settingsStore(options, client.show);
  const start = process.cwd();
  const judged = new Map<string, Judged>();
  const timers = new Map<string, NodeJS.Timeout>();
  let capabilities = readCapabilities({});
  let folders: string[] = [];
  let round = 0;

  /** Judges the newest text of a document, unless that is done; null if it is nothing that we lint. */
  const judge = async (uri: string): Promise<Judged | null> => {
    const { folder } = placeOf(uri, folders, start);
    const from = round;
    const inForce = await settings.of(folder);
    const document = open.get(uri);
    if (document === null) return null;
    const before = judged.get(uri);
    if (before?.version === document.version && before.settings.policy === inForce.policy && from === round) {
      return before;
    }
    const place = placeOf(uri, folders, start);
    const kind = documentKind(document.languageId, place.path, document.getText());
    if (kind === null) {
      judged.delete(uri);
      return null;
    }
    const result = judgeDocument(document, kind, place, inForce);
    judged.set(uri, result);
    return result;
  };

  const publish = async (uri: string): Promise<void> => {
    try {
      const result = await judge(uri);
      const document = open.get(uri);
      if (document === null) {
        // Given up: what was shown of it holds no more.
        if (open.uris().includes(uri)) client.publish({ uri, diagnostics: [] });
        return;
      }
      if (result !== null && result.version !== document.version) return;
      const diagnostics = result === null ? [] : diagnosticsOf(result, capabilities, options.version);
      client.publish({ uri, version: document.version, diagnostics });
    } catch (error) {
      client.log(`${uri}: a fault of this program: ${String(error)}`);
    }
  };

  const later = (uri: string, pause: number): void => {
    clearTimeout(timers.get(uri));
    timers.set(
      uri,
      setTimeout(() => {
        timers.delete(uri);
        void publish(uri);
      }, pause),
    );
  };

  const again = (): void => {
    round += 1;
    judged.clear();
    for (const uri of open.uris()) later(uri, 0);
  };

  return {
    initialize(params) {
      capabilities = readCapabilities(params);
      const uris = listAt(params, "workspaceFolders").map((folder) => textAt(folder, "uri"));
      const root = textAt(params, "rootUri");
      folders = (uris.length > 0 ? uris : [root])
        .map((uri) => (uri === undefined ? null : pathOfUri(uri)))
        .filter((path) => path !== null);
      const rootPath = textAt(params, "rootPath");
      if (folders.length === 0 && rootPath !== undefined) folders = [rootPath];
      settings.setPreset(presetOf((params as { initializationOptions?: unknown })?.initializationOptions));
      return capabilities;
    },
    configure(params) {
      settings.setPreset(presetOf((params as { settings?: unknown })?.settings));
      again();
    },
    changeFolders(params) {
      const paths = (list: "added" | "removed"): string[] =>
        listAt(params, "event", list)
          .map((folder) => pathOfUri(textAt(folder, "uri") ?? ""))
          .filter((path) => path !== null);
      const removed = new Set(paths("removed"));
      folders = [...folders.filter((folder) => !removed.has(folder)), ...paths("added")];
      again();
    },
    filesChanged(params) {
      const uris = listAt(params, "changes").map((change) => textAt(change, "uri") ?? "");
      if (uris.some((uri) => isSettingsFile(pathOfUri(uri) ?? ""))) again();
    },
    opened(params) {
      const uri = open.open(params);
      if (uri !== null) later(uri, 0);
    },
    changed(params) {
      const uri = open.change(params);
      if (uri !== null) later(uri, PAUSE_MS);
    },
    saved(params) {
      const uri = textAt(params, "textDocument", "uri");
      if (uri === undefined) return;
      if (isSettingsFile(pathOfUri(uri) ?? "")) again();
      else if (open.get(uri) !== null) later(uri, 0);
    },
    closed(params) {
      const uri = open.close(params);
      if (uri === null) return;
      clearTimeout(timers.get(uri));
      timers.delete(uri);
      judged.delete(uri);
      client.publish({ uri, diagnostics: [] });
    },
    async actions(params) {
      const uri = textAt(params, "textDocument", "uri");
      const range = rangeAt(params, "range");
      if (uri === undefined || range === undefined) return [];
      const result = await judge(uri);
      const only = listAt(params, "context", "only").filter((kind) => typeof kind === "string");
      return result === null ? [] : actionsOf(result, { range, only }, capabilities, options.version);
    },
    async hover(params) {
      const uri = textAt(params, "textDocument", "uri");
      const position = positionAt(params, "position");
      if (uri === undefined || position === undefined) return null;
      const result = await judge(uri);
      const { markdown } = capabilities;
      return result === null ? null : hoverOf(result, position, { markdown, version: options.version });
    },
    end() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
