import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { framing } from "./framing.ts";

const frame = (body: string, extra = ""): Buffer =>
  Buffer.from(`${extra}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);

/** What comes of a stream that arrives in pieces of `size` bytes. */
function read(stream: Buffer, size = stream.length, maxBytes = 1000): string[] {
  const reader = framing(maxBytes);
  const frames: string[] = [];
  for (let at = 0; at < stream.length; at += size) {
    for (const got of reader.push(stream.subarray(at, at + size))) {
      frames.push(got.ok ? got.body.toString() : `broken: ${got.why}`);
    }
  }
  return frames;
}

describe("framing", () => {
  it("gives the same messages however the stream is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 40 })),
        fc.integer({ min: 1, max: 50 }),
        (bodies, size) => {
          const stream = Buffer.concat(bodies.map((body) => frame(body)));
          expect(read(stream, size)).toEqual(bodies);
        },
      ),
    );
  });

  it("takes other fields, in any case and order", () => {
    const type = "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n";
    expect(read(frame("a", type))).toEqual(["a"]);
    expect(read(Buffer.from(`content-length:1\r\n${type}\r\nb`))).toEqual(["b"]);
  });

  it.each([1, 7, 4096, 1 << 20])("passes over a message that is too long, in pieces of %i bytes", (size) => {
    const stream = Buffer.concat([frame("x".repeat(5000)), frame("a")]);
    expect(read(stream, size)).toEqual(["broken: a message of 5000 bytes is longer than 1000", "a"]);
  });

  it("keeps no memory for what is only announced", () => {
    const reader = framing(1 << 30);
    const before = process.memoryUsage().arrayBuffers;
    expect(reader.push(Buffer.from(`Content-Length: ${1 << 30}\r\n\r\nx`))).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
  });

  it.each([
    ["Content-Length: x\r\n\r\n", "a header has no Content-Length"],
    ["Content-Length: -5\r\n\r\n", "a header has no Content-Length"],
    ["\r\n\r\n", "a header has no Content-Length"],
    ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "a header has no Content-Length"],
    ["x".repeat(20_000), "a header does not end"],
  ])("finds the next message after %.40j", (rubbish, why) => {
    for (const size of [1, 100, 1 << 20]) {
      expect(read(Buffer.concat([Buffer.from(rubbish), frame("a"), frame("b")]), size)).toEqual([
        `broken: ${why}`,
        "a",
        "b",
      ]);
    }
  });

  it("gives an empty message as it is", () => {
    expect(read(Buffer.concat([frame(""), frame("a")]), 3)).toEqual(["", "a"]);
  });

  it("takes any bytes, and gives none that were not announced", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (chunks) => {
        const reader = framing(50);
        const lengths = chunks
          .flatMap((chunk) => reader.push(Buffer.from(chunk)))
          .map((got) => (got.ok ? got.body.length : 0));
        expect(Math.max(0, ...lengths)).toBeLessThanOrEqual(50);
      }),
    );
  });
});
