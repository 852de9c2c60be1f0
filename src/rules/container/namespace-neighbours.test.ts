import { describe, expect, it } from "vitest";
import type { Namespaces } from "#model/evidence/process.ts";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  containerNamespaces,
  contextOf,
  declaredContainer,
  evidence,
  hostNamespaces,
  judgements,
  specifiedContainer,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import shared from "./namespace-neighbours.ts";

const subject = container();

/** A container that shares only the named types with the default one. */
function neighbour(types: (keyof Namespaces)[], name = "db") {
  const namespaces: Namespaces = { mnt: 1, pid: 2, net: 3, ipc: 4, uts: 5, user: 6, cgroup: 7 };
  for (const type of types) namespaces[type] = containerNamespaces()[type] ?? 0;
  return container({ id: name, name, actual: got(actualContainer({ namespaces })) });
}

const among = (...others: ReturnType<typeof container>[]) =>
  contextOf(evidence({ containers: [subject, ...others] }));

describe("SW-CTR-NAMESPACE-SHARED", () => {
  it("gives one finding per type, with the names of the others", () => {
    const context = among(neighbour(["pid", "ipc"]), neighbour(["pid"], "cache"));
    const found = judgements(shared, subject, context);
    expect(found).toMatchObject([
      {
        verdict: "fail",
        key: "pid",
        severity: "medium",
        message: "shares its process ids with db, cache",
        evidence: [{ witness: "actual", value: "pid:[4026532183]" }],
        remediation: "docker run: drop --pid container:…\nCompose: remove pid:",
      },
      { key: "ipc", severity: "medium", message: "shares its shared memory with db" },
    ]);
  });

  it("takes a network shared alone for a helper container", () => {
    expect(verdictOf(shared, subject, among(neighbour(["net"])))).toMatchObject({
      key: "net",
      severity: "low",
    });
    const both = judgements(shared, subject, among(neighbour(["net", "uts"])));
    expect(both.map(({ key, severity }) => [key, severity])).toEqual([
      ["net", "medium"],
      ["uts", "low"],
    ]);
  });

  it("passes alone, and where everybody shares the host's", () => {
    expect(verdictOf(shared, subject, among(neighbour([]))).verdict).toBe("pass");
    const host = container({ actual: got(actualContainer({ namespaces: hostNamespaces() })) });
    const other = { ...host, id: "b", name: "other" };
    expect(verdictOf(shared, host, contextOf(evidence({ containers: [host, other] }))).verdict).toBe("pass");
  });

  it("reads the declaration of a stopped container, and finds the name of an id", () => {
    const stopped = container({
      state: "exited",
      actual: missing("it does not run"),
      specified: missing("it does not run"),
      declared: got(declaredContainer({ networkMode: "container:db-id" })),
    });
    const db = container({ id: "db-id", name: "db" });
    expect(verdictOf(shared, stopped, contextOf(evidence({ containers: [stopped, db] })))).toMatchObject({
      verdict: "fail",
      key: "net",
      severity: "low",
      message: "shares its network with db",
      evidence: [{ witness: "declared", value: "container:db-id" }],
    });
    expect(verdictOf(shared, { ...stopped, declared: got(declaredContainer()) }).verdict).toBe("pass");
  });

  it("does not guess whose namespace the runtime was told to join", () => {
    const namespaces = ["mount", "pid", "ipc", "uts"].map((type) => ({ type, path: "" }));
    const joins = container({
      actual: missing("denied"),
      specified: got(
        specifiedContainer({ namespaces: [...namespaces, { type: "network", path: "/run/netns/cni-1" }] }),
      ),
    });
    expect(verdictOf(shared, joins)).toMatchObject({
      verdict: "unknown",
      message: expect.stringContaining("/run/netns/cni-1"),
    });
  });

  it("tells what it found beside what it could not read", () => {
    const context = { ...among(neighbour(["pid"])), host: null };
    const found = judgements(shared, subject, context);
    expect(found.map(({ verdict, key }) => [verdict, key])).toEqual([
      ["fail", "pid"],
      ["unknown", undefined],
    ]);
    expect(verdictOf(shared, unreadableContainer()).verdict).toBe("unknown");
  });
});
