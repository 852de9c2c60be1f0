import type { TextDocumentContentChangeEvent } from "vscode-languageserver-protocol";
import { TextDocument } from "vscode-languageserver-textdocument";
import { MAX_SOURCE_BYTES } from "#evidence/project/read-source.ts";
import { listAt, numberAt, rangeAt, textAt } from "./params.ts";

/** The documents that are open in the editor, as it tells of them. */
export interface Documents {
  /** Takes `textDocument/didOpen`; gives the address, null if the message is none. */
  open(params: unknown): string | null;
  /** Takes `textDocument/didChange`. */
  change(params: unknown): string | null;
  /** Takes `textDocument/didClose`. */
  close(params: unknown): string | null;
  /** null for one that is not open, too large, or whose text is not known any more. */
  get(uri: string): TextDocument | null;
  uris(): string[];
}

/**
 * Keeps the texts of open documents. One that is too large is refused, and one whose changes do not make sense is
 * given up: an editor that is told nothing is better than one that is told of places that do not exist.
 *
 * @param complain is told why a document was given up
 */
export function documents(complain: (sentence: string) => void): Documents {
  const known = new Map<string, TextDocument | null>();
  const languages = new Map<string, string>();

  const keep = (uri: string, document: TextDocument): void => {
    const fits = document.getText().length <= MAX_SOURCE_BYTES;
    if (!fits) complain(`${uri}: is larger than ${MAX_SOURCE_BYTES >> 20} MiB and is not linted`);
    known.set(uri, fits ? document : null);
  };

  return {
    open(params) {
      const uri = textAt(params, "textDocument", "uri");
      const text = textAt(params, "textDocument", "text");
      if (uri === undefined || text === undefined) return null;
      const languageId = textAt(params, "textDocument", "languageId") ?? "";
      languages.set(uri, languageId);
      keep(uri, TextDocument.create(uri, languageId, numberAt(params, "textDocument", "version") ?? 0, text));
      return uri;
    },
    change(params) {
      const uri = textAt(params, "textDocument", "uri");
      if (uri === undefined || !known.has(uri)) return null;
      const before = known.get(uri) ?? null;
      const version = numberAt(params, "textDocument", "version") ?? (before?.version ?? 0) + 1;
      const changes = listAt(params, "contentChanges").map(readChange);
      // A whole text makes everything before it, and what went wrong in it, irrelevant.
      const whole = changes.findLastIndex((change) => change !== null && !("range" in change));
      const base =
        whole === -1
          ? before
          : TextDocument.create(uri, languages.get(uri) ?? "", version, changes[whole]?.text ?? "");
      if (base === null) return uri;
      const rest = changes.slice(whole + 1);
      const read = rest.filter((change) => change !== null);
      if (read.length < rest.length) {
        complain(`${uri}: a change has no place; open it again`);
        known.set(uri, null);
        return uri;
      }
      keep(uri, TextDocument.update(base, read, version));
      return uri;
    },
    close(params) {
      const uri = textAt(params, "textDocument", "uri");
      if (uri === undefined) return null;
      languages.delete(uri);
      return known.delete(uri) ? uri : null;
    },
    get: (uri) => known.get(uri) ?? null,
    uris: () => [...known.keys()],
  };
}

function readChange(change: unknown): TextDocumentContentChangeEvent | null {
  const text = textAt(change, "text");
  if (text === undefined) return null;
  const hasRange = typeof change === "object" && change !== null && "range" in change;
  if (!hasRange || change.range === null || change.range === undefined) return { text };
  const range = rangeAt(change, "range");
  return range === undefined ? null : { range, text };
}
