import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import type { JudgeContext } from "../rule.ts";
import { contextOf, engine, engineInfo, evidence, host, judgements, mount, verdictOf } from "../testing.ts";
import rule from "./data-root.ts";
import { files, stat } from "./testing.ts";

const ROOT = mount({ id: 27, parent: 1, target: "/", root: "/", device: "254:0", hostPath: null });
const SELF_BIND = mount({
  id: 80,
  parent: 27,
  target: "/var/lib/docker",
  root: "/var/lib/docker",
  device: "254:0",
});

function rooted(rootDir: string): JudgeContext {
  return contextOf(evidence({ engines: [engine({ info: got(engineInfo({ rootDir })) })] }));
}

describe("file system of the data root", () => {
  it("fails on the file system of /", () => {
    const judged = verdictOf(rule, host({ mounts: got([ROOT]) }));
    expect(judged).toMatchObject({ verdict: "fail", key: "/var/lib/docker" });
    expect(judged.message).toBe("/var/lib/docker lies on the same file system as /");
  });

  it("does not take the daemon's bind mount of its root on itself for a partition", () => {
    expect(verdictOf(rule, host({ mounts: got([ROOT, SELF_BIND]) })).verdict).toBe("fail");
    const onVar = mount({ id: 50, target: "/var", root: "/", device: "8:2" });
    const inVar = { ...SELF_BIND, root: "/lib/docker", device: "8:2" };
    const judged = verdictOf(rule, host({ mounts: got([ROOT, onVar, inVar]) }));
    expect(judged).toMatchObject({ verdict: "fail", severity: "low" });
    expect(judged.message).toContain("shares the file system of /var");
  });

  it("passes a file system of its own, with the daemon's bind mount on it too", () => {
    const own = mount({ id: 60, target: "/var/lib/docker", root: "/", device: "8:17" });
    expect(verdictOf(rule, host({ mounts: got([ROOT, own]) })).verdict).toBe("pass");
    const bound = { ...SELF_BIND, root: "/", device: "8:17" };
    expect(verdictOf(rule, host({ mounts: got([ROOT, own, bound]) })).verdict).toBe("pass");
  });

  it("passes a folder on a disk for data", () => {
    const data = mount({ id: 61, target: "/data", root: "/", device: "8:17" });
    const judged = verdictOf(rule, host({ mounts: got([ROOT, data]) }), rooted("/data/docker"));
    expect(judged).toMatchObject({ verdict: "pass", key: "/data/docker" });
    // /database is not below /data
    expect(verdictOf(rule, host({ mounts: got([ROOT, data]) }), rooted("/database")).verdict).toBe("fail");
  });

  it("takes the last of several mounts at one place", () => {
    const first = mount({ id: 62, target: "/var/lib/docker", root: "/", device: "8:17" });
    const last = mount({ id: 63, target: "/var/lib/docker", root: "/x", device: "254:0" });
    expect(verdictOf(rule, host({ mounts: got([ROOT, first, last]) })).verdict).toBe("fail");
  });

  it("compares device numbers where the mounts could not be read", () => {
    const machine = (own: string, root: string) =>
      host({
        mounts: missing("no mountinfo"),
        files: files(stat("/var/lib/docker", { device: own }), stat("/var/lib", { device: root })),
      });
    expect(verdictOf(rule, machine("254:0", "254:0")).verdict).toBe("fail");
    expect(verdictOf(rule, machine("8:17", "254:0")).verdict).toBe("pass");
    expect(verdictOf(rule, host({ mounts: missing("no mountinfo") })).verdict).toBe("unknown");
  });

  it("judges each engine's root, unknown and not-applicable included", () => {
    const engines = [engine(), engine({ name: "docker-2", info: missing("no answer") })];
    expect(judgements(rule, host(), contextOf(evidence({ engines }))).map(({ verdict }) => verdict)).toEqual([
      "fail",
      "unknown",
    ]);
    expect(verdictOf(rule, host(), contextOf(evidence({ engines: [] }))).verdict).toBe("not-applicable");
    expect(verdictOf(rule, host({ mounts: got([]) })).verdict).toBe("unknown");
  });
});
