import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnswerReader, type HttpAnswer, readAnswer } from "./answer.ts";

const LIMIT = 1000;

interface Read {
  answer: HttpAnswer | null;
  reader: AnswerReader;
}

/** Gives the bytes in pieces of the given sizes, the last taking all that is left. */
function read(text: string, sizes: readonly number[] = []): Read {
  const reader = readAnswer(LIMIT);
  const bytes = Buffer.from(text, "latin1");
  let at = 0;
  let answer: HttpAnswer | null = null;
  for (const size of [...sizes, bytes.length]) {
    const piece = bytes.subarray(at, at + size);
    if (piece.length === 0) continue;
    at += piece.length;
    answer = reader.push(piece);
    if (answer !== null) break;
  }
  return { answer, reader };
}

const LENGTH = 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\nApi-Version: 1.41\r\n\r\n{"a":1}';
const CHUNKS =
  'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\nA;name=x\r\n":"\r\n\r\n"}\n\r\n0\r\nTrailer: x\r\n\r\n';
const NONE = "HTTP/1.1 204 No Content\r\n\r\n";
const ANNOUNCED = `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${LENGTH}`;

describe("readAnswer", () => {
  it("reads a body of known length", () => {
    const { answer, reader } = read(LENGTH);
    expect(answer).toMatchObject({ status: 200, body: '{"a":1}' });
    expect(answer?.headers.get("api-version")).toBe("1.41");
    expect(reader.reusable()).toBe(true);
  });

  it("reads a body in chunks", () => {
    const { answer, reader } = read(CHUNKS);
    expect(answer).toMatchObject({ status: 404, body: '{"a":"\r\n\r\n"}\n' });
    expect(reader.reusable()).toBe(true);
  });

  it("reads an answer without a body, and one that others announce", () => {
    expect(read(NONE).answer).toMatchObject({ status: 204, body: "" });
    expect(read(ANNOUNCED).answer).toMatchObject({ status: 200, body: '{"a":1}' });
    expect(read("HTTP/1.1 200\r\nContent-Length:0\r\n\r\n").answer).toMatchObject({ status: 200, body: "" });
  });

  it("reads to the end of the connection where no length is told", () => {
    const { answer, reader } = read("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request");
    expect(answer).toBeNull();
    expect(reader.end()).toMatchObject({ status: 400, body: "Client sent an HTTP request" });
    expect(reader.reusable()).toBe(false);
  });

  it("does not ask again on a connection that will close, or that sent more than it should", () => {
    expect(read(LENGTH.replace("\r\n", "\r\nConnection: Close\r\n")).reader.reusable()).toBe(false);
    expect(read(LENGTH.replace("1.1", "1.0")).reader.reusable()).toBe(false);
    expect(read(`${LENGTH}more`).reader.reusable()).toBe(false);
    expect(read(`${CHUNKS}x`).reader.reusable()).toBe(false);
    expect(read(`${NONE}HTTP/1.1 200`).reader.reusable()).toBe(false);
  });

  it("gives the same answer in whatever pieces it comes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(LENGTH, CHUNKS, NONE, ANNOUNCED),
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 200 }),
        (text, sizes) => {
          const { answer, reader } = read(text, sizes);
          expect(answer).toEqual(read(text).answer);
          expect(reader.reusable()).toBe(true);
        },
      ),
    );
  });

  it("gives any body back, in chunks of any sizes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "binary", minLength: 1, maxLength: 40 }), { maxLength: 9 }),
        (parts) => {
          const chunks = parts.map((part) => {
            const bytes = Buffer.from(part);
            return `${bytes.length.toString(16)}\r\n${bytes.toString("latin1")}\r\n`;
          });
          const text = `HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n${chunks.join("")}0\r\n\r\n`;
          expect(read(text, [1, 60, 7, 3]).answer?.body).toBe(Buffer.from(parts.join("")).toString());
        },
      ),
    );
  });

  it.each([
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n"],
    ["an alert of TLS", "\x15\x03\x01\x00\x02\x02\x46"],
    ["a later version", "HTTP/2 200 OK\r\n\r\n"],
    ["no status", "HTTP/1.1 OK\r\n\r\n"],
    ["a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n"],
    ["an unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"],
    ["a chunk without a size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"],
    ["a chunk without an end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"],
    [
      "a chunk with no end to its size",
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${"x".repeat(5000)}`,
    ],
    ["a head without end", `HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(20_000)}`],
  ])("refuses %s", (_what, text) => {
    const reason = /not HTTP|no length|coded as|chunk of the answer/;
    expect(() => read(text)).toThrow(reason);
    expect(() => read(text, [5, 5, 5, 5, 5, 5, 5])).toThrow(reason);
  });

  it("refuses a body above the limit, however it comes", () => {
    const body = "x".repeat(LIMIT);
    const length = (size: number): string => `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`;
    expect(read(length(LIMIT) + body).answer?.body).toBe(body);
    expect(() => read(`${length(LIMIT + 1)}${body}x`, [50, 500])).toThrow("larger than");
    expect(() => read(`HTTP/1.1 200 OK\r\n\r\n${body}x`, [50, 500])).toThrow("larger than");
    const chunk = `64\r\n${"x".repeat(100)}\r\n`;
    expect(() => read(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(11)}`)).toThrow(
      "larger than",
    );
  });

  it("takes an end before the end for a broken connection", () => {
    for (const text of ["", "HTTP/1.1 20", LENGTH.slice(0, -1), CHUNKS.slice(0, -3)]) {
      const { answer, reader } = read(text);
      expect(answer).toBeNull();
      expect(() => reader.end()).toThrow(expect.objectContaining({ code: "ECONNRESET" }));
    }
  });

  it("answers, waits or says what is wrong, whatever comes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(LENGTH, CHUNKS),
        fc.nat(120),
        fc.string({ unit: "binary-ascii" }),
        (text, at, more) => {
          let outcome: unknown;
          try {
            outcome = read(text.slice(0, at) + more + text.slice(at), [10, 10]).answer;
          } catch (error) {
            outcome = error;
          }
          const known = outcome === null || outcome instanceof Error || typeof outcome === "object";
          expect(known && !(outcome instanceof TypeError) && !(outcome instanceof RangeError)).toBe(true);
        },
      ),
    );
  });
});
