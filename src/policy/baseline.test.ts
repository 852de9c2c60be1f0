import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "#model/problem.ts";
import { readBaseline } from "./baseline.ts";
import { container, finding } from "./testing.ts";

let folder = "";
let path = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seaworthy-baseline-"));
  path = join(folder, "report.json");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(content: unknown): Set<string> {
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return readBaseline(path);
}

function answerTo(content: string): unknown {
  try {
    return read(content);
  } catch (error) {
    return error;
  }
}

const exception = { reason: "r", source: "s" };
const REPORT = {
  schemaVersion: 1,
  tool: { name: "seaworthy", version: "0.1.0" },
  findings: [
    finding(),
    finding({ subject: container("db"), known: true }),
    finding({ subject: container("passed"), verdict: "pass" }),
    finding({ subject: container("unknown"), verdict: "unknown" }),
    finding({ subject: container("accepted"), exception }),
  ],
};

function sarif(results: unknown[], name = "seaworthy"): unknown {
  return { version: "2.1.0", runs: [{ tool: { driver: { name } }, results }] };
}

const partialFingerprints = (fingerprint: string) => ({
  "seaworthy/v1": fingerprint,
  primaryLocationLineHash: `${fingerprint}:1`,
});

describe("a JSON report", () => {
  it("gives the fingerprints of its failures, but not of accepted ones", () => {
    expect(read(REPORT)).toEqual(new Set(["SW-CTR-PID-HOST/web", "SW-CTR-PID-HOST/db"]));
  });

  it("may begin with a byte order mark", () => {
    expect(read(`\ufeff${JSON.stringify(REPORT)}`).size).toBe(2);
  });

  it("without failures gives an empty baseline", () => {
    expect(read({ ...REPORT, findings: [] })).toEqual(new Set());
  });
});

describe("a SARIF report", () => {
  it("gives the fingerprints of its failures, but not of suppressed ones", () => {
    expect(
      read(
        sarif([
          { kind: "fail", partialFingerprints: partialFingerprints("a") },
          { partialFingerprints: partialFingerprints("b"), suppressions: [] },
          { kind: "open", partialFingerprints: partialFingerprints("c") },
          { kind: "pass", partialFingerprints: partialFingerprints("d") },
          { kind: "fail", partialFingerprints: partialFingerprints("e"), suppressions: [{}] },
        ]),
      ),
    ).toEqual(new Set(["a", "b"]));
  });

  it("may hold runs of other tools, which do not count", () => {
    const ours = sarif([{ partialFingerprints: partialFingerprints("a") }]) as { runs: unknown[] };
    const theirs = sarif([{ ruleId: "X" }], "other") as { runs: unknown[] };
    expect(read({ runs: [...theirs.runs, ...ours.runs] })).toEqual(new Set(["a"]));
  });
});

describe("a file that is no baseline", () => {
  it.each<[string, unknown, string]>([
    ["an empty file", " \n", "is empty"],
    ["text", "hello", "is not valid JSON"],
    ["a list", [], "is not a report of seaworthy"],
    ["other JSON", { findings: [] }, "is not a report of seaworthy"],
    ["another tool's report", { ...REPORT, tool: { name: "other" } }, "is not a report of seaworthy"],
    ["a report without tool", { schemaVersion: 1, findings: [] }, "is not a report of seaworthy"],
    [
      "another version",
      { ...REPORT, schemaVersion: 2 },
      "has version 2 of the report, this seaworthy reads 1",
    ],
    ["no findings", { ...REPORT, findings: null }, "is damaged"],
    ["a finding without fingerprint", { ...REPORT, findings: [{ verdict: "fail" }] }, "is damaged"],
    ["SARIF of another tool", sarif([], "other"), "is SARIF of another tool"],
    ["SARIF without runs", { runs: null }, "is damaged"],
    ["SARIF without our fingerprints", sarif([{ partialFingerprints: {} }]), "is damaged"],
    ["SARIF with odd results", sarif([null]), "is damaged"],
  ])("%s is told in words", (_, content, message) => {
    expect(() => read(content)).toThrow(UserError);
    expect(() => read(content)).toThrow(`${path}: ${message}`);
  });

  it("tells a missing, a cut and a huge file", () => {
    expect(() => readBaseline(join(folder, "none.json"))).toThrow(
      new UserError(`${join(folder, "none.json")}: does not exist`),
    );
    expect(() => read(JSON.stringify(REPORT).slice(0, -10))).toThrow(`${path}: is cut short`);
    const huge = join(folder, "huge.json");
    writeFileSync(huge, "");
    truncateSync(huge, (64 << 20) + 1);
    expect(() => readBaseline(huge)).toThrow(new UserError(`${huge}: is larger than 64 MiB`));
  });

  it("never throws anything but words for people", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((text) => `{"runs":[${text}]}`),
        ),
        (text) => {
          expect(answerTo(text)).toSatisfy((answer) => answer instanceof UserError || answer instanceof Set);
        },
      ),
    );
  });
});
