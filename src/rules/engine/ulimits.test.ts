import { describe, expect, it } from "vitest";
import { got } from "#model/reading.ts";
import { engine, verdictOf } from "../testing.ts";
import { around, configured, flagged, podman, running, unreadableEngine } from "./facts/testing.ts";
import rule from "./ulimits.ts";

const limits = (files: number | null, processes: number | null) => ({
  limits: got({
    "Max open files": { soft: files, hard: files },
    "Max processes": { soft: processes, hard: processes },
  }),
});

describe("SW-ENGINE-ULIMITS", () => {
  it("passes with defaults, in the file's form and the flag's", () => {
    const nofile = { nofile: { Name: "nofile", Soft: 1024, Hard: 65536 } };
    expect(verdictOf(rule, configured({ "default-ulimits": nofile }))).toMatchObject({
      verdict: "pass",
      message: "defaults are set for nofile",
    });
    expect(verdictOf(rule, flagged({ "default-ulimits": { nproc: "1024" } })).verdict).toBe("pass");
    expect(verdictOf(rule, configured({ "default-ulimits": {} })).verdict).toBe("fail");
  });

  it("without defaults the kernel's limits decide", () => {
    const subject = engine();
    expect(verdictOf(rule, subject).verdict).toBe("fail");
    const bounded = running("web");
    expect(verdictOf(rule, subject, around(subject, [bounded])).verdict).toBe("pass");
    for (const loose of [limits(null, 1000), limits(1073741816, 1000), limits(1024, null)]) {
      const judged = verdictOf(rule, subject, around(subject, [bounded, running("db", {}, loose)]));
      expect(judged.verdict).toBe("fail");
      expect(judged.message).toContain("and db may open files");
      expect(judged.evidence).toContainEqual(
        expect.objectContaining({ source: "/proc/4242/limits", path: "db" }),
      );
    }
  });

  it("is unknown where the settings are, and not about podman", () => {
    expect(verdictOf(rule, unreadableEngine()).verdict).toBe("unknown");
    expect(verdictOf(rule, podman()).verdict).toBe("not-applicable");
  });
});
