import { describe, expect, it } from "vitest";
import { got } from "#model/reading.ts";
import { daemon, engine, judgements, verdictOf } from "../testing.ts";
import binaryReplaced from "./binary-replaced.ts";
import { podman, unreadableEngine } from "./facts/testing.ts";
import socketAbstract from "./socket-abstract.ts";

describe.each([binaryReplaced, socketAbstract])("$id", (rule) => {
  it("is unknown where the process cannot be read, and not about podman", () => {
    expect(verdictOf(rule, unreadableEngine())).toMatchObject({ verdict: "unknown" });
    expect(verdictOf(rule, podman()).verdict).toBe("not-applicable");
  });
});

describe("SW-ENGINE-BINARY-REPLACED", () => {
  const running = (executable: string | null, executableDeleted: boolean) =>
    engine({ daemon: got(daemon({ executable, executableDeleted })) });

  it("fails while the program from before an update runs", () => {
    expect(verdictOf(binaryReplaced, running("/usr/bin/dockerd", true))).toMatchObject({
      verdict: "fail",
      evidence: [{ witness: "actual", source: "/proc/700/exe", value: "/usr/bin/dockerd (deleted)" }],
    });
    expect(verdictOf(binaryReplaced, running("/usr/bin/dockerd", false)).verdict).toBe("pass");
    expect(verdictOf(binaryReplaced, running(null, false)).verdict).toBe("unknown");
  });
});

describe("SW-ENGINE-SOCKET-ABSTRACT", () => {
  const listening = (...unixSockets: { path: string; abstract: boolean }[]) =>
    engine({
      daemon: got(daemon({ unixSockets: unixSockets.map((socket) => ({ ...socket, stat: null })) })),
    });

  it("fails for each socket without a file", () => {
    const found = judgements(
      socketAbstract,
      listening({ path: "/run/docker.sock", abstract: false }, { path: "@docker", abstract: true }),
    );
    expect(found).toEqual([
      expect.objectContaining({
        verdict: "fail",
        key: "@docker",
        evidence: [expect.objectContaining({ source: "/proc/700/net/unix", value: "@docker" })],
      }),
    ]);
  });

  it("passes with paths only, or without a socket", () => {
    expect(verdictOf(socketAbstract, engine()).verdict).toBe("pass");
    expect(verdictOf(socketAbstract, listening()).verdict).toBe("pass");
  });
});
