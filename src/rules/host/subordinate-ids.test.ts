import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EngineEvidence } from "#model/evidence/engine.ts";
import type { HostEvidence, SubordinateRange } from "#model/evidence/host.ts";
import { got, missing } from "#model/reading.ts";
import {
  contextOf,
  daemon,
  engine,
  engineInfo,
  evidence,
  host,
  judgements,
  ruleById,
  verdictOf,
} from "../testing.ts";
import rules from "./subordinate-ids.ts";

const overlap = ruleById(rules, "SW-HOST-SUBID-OVERLAP");
const small = ruleById(rules, "SW-HOST-SUBID-TOO-SMALL");
const real = ruleById(rules, "SW-HOST-SUBID-REAL");

function range(owner: string, start: number, count = 65536): SubordinateRange {
  return { owner, start, count };
}

function machine(ranges: SubordinateRange[], changes: Partial<HostEvidence> = {}): HostEvidence {
  return host({
    accounts: got(
      [
        ["root", 0],
        ["alice", 1000],
      ].map(([name, uid]) => ({
        name: String(name),
        uid: Number(uid),
        gid: Number(uid),
        home: "/",
        shell: "/bin/sh",
        password: "set" as const,
      })),
    ),
    subuids: got(ranges),
    subgids: got(ranges),
    ...changes,
  });
}

function remapped(value: string): EngineEvidence {
  return engine({ daemon: got(daemon({ settings: { "userns-remap": { value, from: "file" } } })) });
}

const DEFAULT = contextOf(evidence({ engines: [remapped("default")] }));

describe("subordinate ids", () => {
  it("are judged only where an engine uses them", () => {
    const bad = machine([range("a", 0), range("b", 0)]);
    for (const rule of rules) {
      expect(verdictOf(rule, bad).verdict).toBe("not-applicable");
      expect(judgements(rule, bad, DEFAULT).every(({ verdict }) => verdict === "fail")).toBe(true);
    }
    const silent = engine({ info: missing("no answer"), daemon: missing("run as root") });
    expect(verdictOf(overlap, bad, contextOf(evidence({ engines: [silent] }))).verdict).toBe("unknown");
  });

  it("must not overlap between users", () => {
    const judged = judgements(overlap, machine([range("dockremap", 100000), range("bob", 150000)]), DEFAULT);
    expect(judged.map(({ key, verdict }) => [key, verdict])).toEqual([
      ["/etc/subuid", "fail"],
      ["/etc/subgid", "fail"],
    ]);
    expect(judged[0]?.message).toBe("dockremap and bob share ids in /etc/subuid");
    const apart = machine([range("dockremap", 100000), range("bob", 165536)]);
    expect(verdictOf(overlap, apart, DEFAULT).verdict).toBe("pass");
    const own = machine([range("dockremap", 100000), range("dockremap", 120000)]);
    expect(verdictOf(overlap, own, DEFAULT).verdict).toBe("pass");
  });

  it("finds an overlap exactly where one is, whatever the order", () => {
    const ranges = fc.array(
      fc.record({
        owner: fc.constantFrom("a", "b", "c"),
        start: fc.integer({ min: 0, max: 60 }),
        count: fc.integer({ min: 1, max: 20 }),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(ranges, (all) => {
        const shared = all.some((one, at) =>
          all
            .slice(at + 1)
            .some(
              (other) =>
                one.owner !== other.owner &&
                one.start < other.start + other.count &&
                other.start < one.start + one.count,
            ),
        );
        const [judged] = judgements(overlap, machine(all), DEFAULT);
        expect(judged?.verdict).toBe(shared ? "fail" : "pass");
      }),
    );
  });

  it("must be 65536 for the user of the engine, in all ranges together", () => {
    const of = (ranges: SubordinateRange[], context = DEFAULT) =>
      judgements(small, machine(ranges), context)[0];
    expect(of([range("dockremap", 100000)])?.verdict).toBe("pass");
    expect(of([range("dockremap", 100000, 32768), range("dockremap", 200000, 32768)])?.verdict).toBe("pass");
    expect(of([range("dockremap", 100000, 1000)])).toMatchObject({
      verdict: "fail",
      message: "dockremap, the user of docker, has only 1000 subordinate user ids in /etc/subuid",
    });
    expect(of([range("other", 100000)])?.message).toContain("has no subordinate user ids");
    const byName = contextOf(evidence({ engines: [remapped("alice:alice")] }));
    expect(of([range("alice", 100000)], byName)?.verdict).toBe("pass");
    const byId = contextOf(evidence({ engines: [remapped("1000")] }));
    expect(of([range("1000", 100000)], byId)?.verdict).toBe("pass");
    expect(of([range("alice", 100000)], byId)?.verdict).toBe("pass");
    const rootless = contextOf(evidence({ engines: [engine({ daemon: got(daemon({ uid: 1000 })) })] }));
    expect(of([range("alice", 100000)], rootless)?.verdict).toBe("pass");
    expect(of([range("bob", 100000)], rootless)?.verdict).toBe("fail");
  });

  it("is unknown where nobody tells whose ids are used", () => {
    const info = got(engineInfo({ securityOptions: [{ name: "userns", options: {} }] }));
    const context = contextOf(evidence({ engines: [engine({ info, daemon: missing("run as root") })] }));
    expect(judgements(small, machine([range("x", 100000)]), context)[0]?.verdict).toBe("unknown");
    const unread = machine([], { subuids: missing("permission denied") });
    expect(judgements(overlap, unread, DEFAULT)[0]).toMatchObject({ verdict: "unknown", key: "/etc/subuid" });
  });

  it("must not hold ids of real accounts, least of all root's", () => {
    const [users] = judgements(real, machine([range("dockremap", 900)]), DEFAULT);
    expect(users).toMatchObject({ verdict: "fail", key: "/etc/subuid" });
    expect(users?.message).toContain("alice (1000)");
    expect(users?.severity).toBeUndefined();
    expect(judgements(real, machine([range("dockremap", 0)]), DEFAULT)[0]?.severity).toBe("critical");
    expect(verdictOf(real, machine([range("dockremap", 100000)]), DEFAULT).verdict).toBe("pass");
    expect(verdictOf(real, machine([range("dockremap", 900, 100)]), DEFAULT).verdict).toBe("pass");
    expect(judgements(real, machine([range("dockremap", 900, 101)]), DEFAULT)[0]?.verdict).toBe("fail");
    // docker is group 105 of the builders' host.
    const groups = machine([], { subgids: got([range("dockremap", 100)]) });
    expect(judgements(real, groups, DEFAULT)).toMatchObject([{ key: "/etc/subgid", verdict: "fail" }]);
    const unread = machine([range("dockremap", 0)], { accounts: missing("no /etc/passwd") });
    expect(judgements(real, unread, DEFAULT)[0]?.verdict).toBe("unknown");
  });
});
