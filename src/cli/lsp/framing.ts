/** A message as it came, or why what came is none. */
export type Frame = { ok: true; body: Buffer } | { ok: false; why: string };

/** Cuts a stream into messages. */
export interface Framing {
  /** Takes what came next; gives the messages that are whole now. */
  push(chunk: Buffer): Frame[];
}

// A header has two fields at most; what is longer is none.
const MAX_HEADER_BYTES = 4096;
// As much of a broken header is kept as the beginning of a good one may take.
const KEPT_BYTES = 64;
const FIRST_BYTES = 64 << 10;
const END = "\r\n\r\n";
// After a broken message the next header may stand behind rubbish in one line with it: the last one counts.
const LENGTH = /content-length:[ \t]*(\d{1,15})[ \t]*$/gim;

interface Body {
  length: number;
  /** Grows as bytes come, so that nobody gets memory by announcing much; null for a message that is passed over. */
  buffer: Buffer | null;
  filled: number;
}

/**
 * Cuts a stream of the base protocol (Language Server Protocol 3.17, "Base Protocol": header fields, an empty line,
 * `Content-Length` bytes). Memory is bounded whatever comes: a message above the limit is passed over, and after
 * something that is no header the next one is looked for.
 *
 * @param maxBytes of one message
 */
export function framing(maxBytes: number): Framing {
  let header: Buffer = Buffer.alloc(0);
  let body: Body | null = null;
  let lost = false;

  const takeHeader = (chunk: Buffer, frames: Frame[]): Buffer => {
    const before = header.length;
    header = Buffer.concat([header, chunk.subarray(0, MAX_HEADER_BYTES)]);
    const end = header.indexOf(END, Math.max(0, before - END.length + 1), "latin1");
    if (end === -1) {
      if (header.length > MAX_HEADER_BYTES) {
        if (!lost) frames.push({ ok: false, why: "a header does not end" });
        lost = true;
        header = header.subarray(-KEPT_BYTES);
      }
      return chunk.subarray(MAX_HEADER_BYTES);
    }
    const fields = header.toString("latin1", 0, end);
    header = Buffer.alloc(0);
    const length = Number([...fields.matchAll(LENGTH)].at(-1)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) {
      frames.push({ ok: false, why: "a header has no Content-Length" });
    } else if (length > maxBytes) {
      frames.push({ ok: false, why: `a message of ${length} bytes is longer than ${maxBytes}` });
    }
    lost = false;
    if (length === 0) frames.push({ ok: true, body: Buffer.alloc(0) });
    else if (length > 0) {
      const buffer = length > maxBytes ? null : Buffer.allocUnsafe(Math.min(length, FIRST_BYTES));
      body = { length, buffer, filled: 0 };
    }
    return chunk.subarray(end + END.length - before);
  };

  const takeBody = (into: Body, chunk: Buffer, frames: Frame[]): Buffer => {
    const piece = chunk.subarray(0, into.length - into.filled);
    if (into.buffer !== null) {
      into.buffer = withRoom(into.buffer, into, piece.length);
      piece.copy(into.buffer, into.filled);
    }
    into.filled += piece.length;
    if (into.filled === into.length) {
      if (into.buffer !== null) frames.push({ ok: true, body: into.buffer });
      body = null;
    }
    return chunk.subarray(piece.length);
  };

  return {
    push(chunk) {
      const frames: Frame[] = [];
      let rest = chunk;
      while (rest.length > 0) {
        rest = body === null ? takeHeader(rest, frames) : takeBody(body, rest, frames);
      }
      return frames;
    },
  };
}

function withRoom(buffer: Buffer, { length, filled }: Body, more: number): Buffer {
  if (filled + more <= buffer.length) return buffer;
  const larger = Buffer.allocUnsafe(Math.min(length, Math.max(buffer.length * 2, filled + more)));
  buffer.copy(larger, 0, 0, filled);
  return larger;
}
