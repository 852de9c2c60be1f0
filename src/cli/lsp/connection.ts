import type { Readable, Writable } from "node:stream";
import {
  createMessageConnection,
  type DataCallback,
  Emitter,
  type Message,
  type MessageConnection,
  type MessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import { framing } from "./framing.ts";

/** More than the largest file that is linted takes as JSON. */
const MAX_MESSAGE_BYTES = 32 << 20;
// JSON-RPC 2.0, section 5.1.
const PARSE_ERROR = -32_700;

/**
 * Speaks JSON-RPC over two streams. Messages that are broken or too long are answered or passed over, and told to
 * `complain`; they never end the connection.
 */
export function connect(
  input: Readable,
  output: Writable,
  complain: (sentence: string) => void,
): MessageConnection {
  const writer = new StreamMessageWriter(output);
  const reader = boundedReader(input, (why, answer) => {
    complain(why);
    if (answer) {
      const reply = { jsonrpc: "2.0", id: null, error: { code: PARSE_ERROR, message: why } };
      writer.write(reply as Message).catch(() => undefined);
    }
  });
  const connection = createMessageConnection(reader, writer, {
    error: complain,
    warn: complain,
    info: () => undefined,
    log: () => undefined,
  });
  // Whoever does not listen to errors gets them thrown.
  connection.onError(([error]) => complain(error.message));
  return connection;
}

/** A reader for vscode-jsonrpc, whose own one keeps whatever is announced. */
function boundedReader(input: Readable, onBroken: (why: string, answer: boolean) => void): MessageReader {
  const errors = new Emitter<Error>();
  const closed = new Emitter<void>();
  const partial = new Emitter<{ messageToken: number; waitingTime: number }>();
  const frames = framing(MAX_MESSAGE_BYTES);
  return {
    onError: errors.event,
    onClose: closed.event,
    onPartialMessage: partial.event,
    listen(callback: DataCallback) {
      input.on("data", (chunk: Buffer) => {
        for (const frame of frames.push(chunk)) {
          if (!frame.ok) {
            onBroken(frame.why, false);
            continue;
          }
          const message = parse(frame.body);
          if (message === null) {
            onBroken("a message is no JSON object", true);
            continue;
          }
          try {
            callback(message);
          } catch (error) {
            // It looks into a cancellation before anything has checked its shape.
            onBroken(`a message cannot be understood: ${String(error)}`, false);
          }
        }
      });
      input.on("error", (error) => errors.fire(error));
      input.on("close", () => closed.fire());
      input.on("end", () => closed.fire());
      return { dispose: () => input.removeAllListeners("data") };
    },
    dispose: () => undefined,
  };
}

function parse(body: Buffer): Message | null {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    // LSP uses no batches.
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Message) : null;
  } catch {
    return null;
  }
}
