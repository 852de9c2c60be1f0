/** An answer of an HTTP server. */
export interface HttpAnswer {
  status: number;
  /** By name in lower case; of several with one name the last. */
  headers: ReadonlyMap<string, string>;
  body: string;
}

/** Takes the bytes of one answer as they come. All throw where they are no HTTP/1.x (RFC 9112). */
export interface AnswerReader {
  /** The answer, once the last byte of it is there. */
  push(chunk: Buffer): HttpAnswer | null;
  /** The server has closed the connection: the end of an answer that tells no length. */
  end(): HttpAnswer;
  /** True if the connection may be asked again after this answer. */
  reusable(): boolean;
}

const MAX_HEAD = 64 << 10;
const MAX_LINE = 4096; // of a chunk's size with its extensions
const END_OF_HEAD = Buffer.from("\r\n\r\n");
const END_OF_LINE = Buffer.from("\r\n");

interface Head {
  status: number;
  headers: Map<string, string>;
  /** How the body ends: after so many bytes, with a chunk of size 0, or with the connection. */
  length: number | "chunked" | "close";
  reusable: boolean;
}

/**
 * Reads one answer to a GET. So little of the protocol is needed for an engine's API that it costs a third of
 * what node:http does, which also has to load.
 *
 * @param maxBody bytes that a body may have; more throws
 */
export function readAnswer(maxBody: number): AnswerReader {
  let rest: Buffer = Buffer.alloc(0);
  let head: Head | null = null;
  let inChunks: "size" | "data" | "trailer" = "size";
  let left = 0;
  let size = 0;
  let clean = true;
  const parts: Buffer[] = [];

  const answer = ({ status, headers }: Head): HttpAnswer => {
    clean = rest.length === 0;
    const body = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    return { status, headers, body: body.toString("utf8") };
  };
  /** Moves up to `left` bytes from what has come into the body. */
  const take = (): void => {
    const part = rest.subarray(0, left);
    if (part.length === 0) return;
    size += part.length;
    if (size > maxBody) throw new Error(`the engine's answer is larger than ${maxBody >> 20} MiB`);
    parts.push(part);
    left -= part.length;
    rest = rest.subarray(part.length);
  };
  /** What stands before `end`, which is then left behind; null if it has not come yet. */
  const until = (end: Buffer, most: number): string | null => {
    const at = rest.indexOf(end);
    if (at > most || (at < 0 && rest.length > most)) throw new Error("the answer is not HTTP");
    if (at < 0) return null;
    const text = rest.toString("latin1", 0, at);
    rest = rest.subarray(at + end.length);
    return text;
  };
  const chunks = (whole: Head): HttpAnswer | null => {
    for (;;) {
      if (inChunks === "data") {
        take();
        if (left > 0) return null;
        if (rest.length < 2) return null;
        if (until(END_OF_LINE, 0) === null) throw new Error("a chunk of the answer has no end");
        inChunks = "size";
      }
      const line = until(END_OF_LINE, MAX_LINE);
      if (line === null) return null;
      if (inChunks === "trailer") {
        if (line === "") return answer(whole);
        continue;
      }
      const digits = /^([0-9a-f]{1,8})\s*(?:;|$)/i.exec(line)?.[1];
      if (digits === undefined) throw new Error("a chunk of the answer has no size");
      left = Number.parseInt(digits, 16);
      inChunks = left === 0 ? "trailer" : "data";
    }
  };

  return {
    push: (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      while (head === null) {
        // Whatever does not begin like this is no answer, and need not be waited for.
        if (!"HTTP/1.".startsWith(rest.toString("latin1", 0, 7))) throw new Error("the answer is not HTTP");
        const text = until(END_OF_HEAD, MAX_HEAD);
        if (text === null) return null;
        const next = parseHead(text);
        // 1xx announce the real answer.
        if (next.status >= 200) head = next;
      }
      if (head.length === "chunked") return chunks(head);
      left = head.length === "close" ? Infinity : head.length - size;
      take();
      return left === 0 ? answer(head) : null;
    },
    end: () => {
      if (head?.length !== "close") throw hangUp();
      return answer(head);
    },
    reusable: () => head !== null && head.reusable && clean,
  };
}

/** The error of a connection that ends before its answer does. */
export function hangUp(): Error {
  return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}

function parseHead(text: string): Head {
  const [first = "", ...lines] = text.split("\r\n");
  const match = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(first);
  if (match === null) throw new Error("the answer is not HTTP");
  const status = Number(match[2]);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const length = lengthOf(status, headers);
  const closes = match[1] === "0" || /\bclose\b/i.test(headers.get("connection") ?? "");
  return { status, headers, length, reusable: length !== "close" && !closes };
}

/** RFC 9112 section 6.3. */
function lengthOf(status: number, headers: ReadonlyMap<string, string>): Head["length"] {
  if (status < 200 || status === 204 || status === 304) return 0;
  const coding = headers.get("transfer-encoding");
  if (coding !== undefined) {
    if (coding.toLowerCase() !== "chunked") throw new Error(`the answer is coded as ${coding.slice(0, 40)}`);
    return "chunked";
  }
  const length = headers.get("content-length");
  if (length === undefined) return "close";
  if (!/^\d{1,15}$/.test(length)) throw new Error("the answer has no length");
  return Number(length);
}
