import type { Readable, Writable } from "node:stream";
import { ResponseError } from "vscode-jsonrpc/node";
import { visible } from "#report/terminal/visible.ts";
import { initializeResult } from "./capabilities.ts";
import { connect } from "./connection.ts";
import { startSession } from "./session.ts";
import type { ServerOptions } from "./settings.ts";

// Codes of the specification ("ErrorCodes").
const SERVER_NOT_INITIALIZED = -32_002;
const INVALID_REQUEST = -32_600;
/** MessageType of the specification. */
const SHOWN_AS_ERROR = 1;

const MAX_SENTENCE = 500;

/** Files whose change changes what is found. */
const WATCHED = ["**/seaworthy.yaml", "**/.seaworthy.yaml", "**/.hadolint.{yaml,yml}", "**/*.dockerignore"];

/** Streams of a server: those of the process. */
export interface Streams {
  input: Readable;
  output: Writable;
  /** The log of the editor. */
  log: Writable;
}

/**
 * Serves one editor until it says `exit`, or goes away. The process that started us is not watched: its end closes
 * our input, while its number means another process where we run in a container.
 *
 * @returns the exit code that the specification asks for: 1 unless `shutdown` came before the end
 */
export function serve({ input, output, log }: Streams, options: ServerOptions): Promise<number> {
  const complain = (sentence: string): void => {
    log.write(`seaworthy lsp: ${visible(sentence.slice(0, MAX_SENTENCE))}\n`);
  };
  const connection = connect(input, output, complain);
  // An editor that went away has nothing to be told; the end of the input ends us.
  const notify = (method: string, params: object): void => {
    connection.sendNotification(method, params).catch(() => undefined);
  };
  const session = startSession(
    {
      publish: (params) => notify("textDocument/publishDiagnostics", params),
      show: (sentence) =>
        notify("window/showMessage", { type: SHOWN_AS_ERROR, message: `seaworthy: ${visible(sentence)}` }),
      log: complain,
    },
    options,
  );
  let state: "new" | "running" | "shut down" = "new";
  let watches = false;

  const request = (method: string, answer: (params: unknown) => unknown): void => {
    connection.onRequest(method, (params: unknown) => {
      if (state === "new") return new ResponseError(SERVER_NOT_INITIALIZED, "initialize comes first");
      if (state === "shut down") return new ResponseError(INVALID_REQUEST, "the server is shut down");
      return answer(params);
    });
  };
  const notification = (method: string, take: (params: unknown) => void): void => {
    connection.onNotification(method, (params: unknown) => {
      if (state === "running") take(params);
    });
  };

  connection.onRequest("initialize", (params: unknown) => {
    if (state !== "new") return new ResponseError(INVALID_REQUEST, "initialize comes once");
    state = "running";
    ({ watches } = session.initialize(params));
    return initializeResult(options.version);
  });
  notification("initialized", () => {
    if (!watches) return;
    const watchers = WATCHED.map((globPattern) => ({ globPattern }));
    const method = "workspace/didChangeWatchedFiles";
    connection
      .sendRequest("client/registerCapability", {
        registrations: [{ id: "settings", method, registerOptions: { watchers } }],
      })
      .catch(() => undefined); // It works without: the files are looked at when a document changes.
  });
  request("textDocument/codeAction", (params) => session.actions(params));
  request("textDocument/hover", (params) => session.hover(params));
  request("shutdown", () => {
    state = "shut down";
    session.end();
    return null;
  });
  notification("textDocument/didOpen", session.opened);
  notification("textDocument/didChange", session.changed);
  notification("textDocument/didSave", session.saved);
  notification("textDocument/didClose", session.closed);
  notification("workspace/didChangeConfiguration", session.configure);
  notification("workspace/didChangeWorkspaceFolders", session.changeFolders);
  notification("workspace/didChangeWatchedFiles", session.filesChanged);

  return new Promise((resolve) => {
    const end = (): void => {
      session.end();
      connection.dispose();
      input.destroy();
      resolve(state === "shut down" ? 0 : 1);
    };
    connection.onNotification("exit", end);
    connection.onClose(end);
    connection.listen();
  });
}
