import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "#model/finding.ts";
import type { Fix } from "#model/text.ts";
import { mend } from "./mend.ts";
import { planFixes } from "./plan.ts";

/** A finding that `fix` mends. */
function broken(fix: Fix, changes: Partial<Finding> = {}): Finding {
  return {
    id: "F-1",
    ruleId: "SW-DF-X",
    aliases: [],
    verdict: "fail",
    severity: "medium",
    title: "Broken",
    subject: { kind: "dockerfile", name: "f", id: "f" },
    location: null,
    evidence: [],
    message: "is broken",
    remediation: "",
    fingerprint: "1",
    exception: null,
    known: false,
    fixes: [fix],
    ...changes,
  };
}

function splice(start: number, end: number, text: string, safety: Fix["safety"] = "safe"): Fix {
  return { title: "Mend it", safety, edits: [{ path: "f", start, end, text }] };
}

describe("planFixes", () => {
  it("takes no two that touch, the worse first", () => {
    const plan = planFixes(
      [broken(splice(0, 3, "a")), broken(splice(3, 5, "b"), { severity: "high" })],
      "f",
      "safe",
    );
    expect(plan.edits.map(({ text }) => text)).toEqual(["b"]);
  });

  it("takes one fix for all findings that it mends", () => {
    const plan = planFixes([broken(splice(0, 3, "a")), broken(splice(0, 3, "a"))], "f", "safe");
    expect([plan.edits.length, plan.chosen.length]).toEqual([1, 2]);
  });

  it("leaves what may change behaviour for --fix=all, and what is accepted alone", () => {
    const unsafe = broken(splice(0, 1, "a", "unsafe"));
    expect(planFixes([unsafe], "f", "safe").edits).toEqual([]);
    expect(planFixes([unsafe], "f", "all").edits).toHaveLength(1);
    const accepted = broken(splice(0, 1, "a"), { exception: { reason: "r", source: "s" } });
    expect(planFixes([accepted], "f", "all").edits).toEqual([]);
    expect(planFixes([broken(splice(0, 1, "a"))], "other", "all").edits).toEqual([]);
  });
});

describe("mend", () => {
  it("goes on until nothing is left", () => {
    const judge = (text: string) => {
      const at = text.indexOf("aa");
      return { findings: at === -1 ? [] : [broken(splice(at, at + 2, "a"))], errors: 0 };
    };
    expect(mend("baaaab", { path: "f", mode: "safe", judge })).toMatchObject({ text: "bab", stopped: null });
  });

  it("takes back what would break the file", () => {
    const judge = (text: string) => ({
      findings: [broken(splice(0, 0, "!"))],
      errors: text.startsWith("!") ? 1 : 0,
    });
    const result = mend("ok", { path: "f", mode: "safe", judge });
    expect([result.text, result.applied]).toEqual(["ok", []]);
    expect(result.stopped).toContain("break");
  });

  it("ends where fixes undo each other, or never end", () => {
    const swap = (text: string) => ({
      findings: [broken(splice(0, 1, text[0] === "a" ? "b" : "a"))],
      errors: 0,
    });
    expect(mend("a", { path: "f", mode: "safe", judge: swap }).stopped).toContain("undo");
    const grow = () => ({ findings: [broken(splice(0, 0, "a"))], errors: 0 });
    expect(mend("", { path: "f", mode: "safe", judge: grow }).stopped).toContain("rounds");
  });

  it("changes only what its edits cover", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const judge = (current: string) => {
          const at = current.indexOf("x");
          return { findings: at === -1 ? [] : [broken(splice(at, at + 1, ""))], errors: 0 };
        };
        const cut = text.replaceAll("x", "").length + Math.max(0, text.split("x").length - 1 - 10);
        expect(mend(text, { path: "f", mode: "safe", judge }).text.length).toBe(cut);
      }),
    );
  });
});
