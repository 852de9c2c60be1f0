import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Report } from "#model/report.ts";
import { sampleHost } from "../terminal/testing.ts";
import json, { bytes } from "./json.ts";

describe("json", () => {
  it("is the report, in the order of its fields", () => {
    const report = sampleHost(2);
    expect(JSON.stringify(JSON.parse(json(report)))).toBe(JSON.stringify(report));
  });

  it("has a line for each subject and each finding, however many", () => {
    const report = sampleHost(40);
    const lines = json(report).split("\n");
    expect(report.findings.length).toBeGreaterThan(120);
    for (const item of [...report.subjects, ...report.findings]) {
      const text = `    ${JSON.stringify(item)}`.replaceAll(
        /[\u0080-\uffff]/g,
        (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
      expect(lines.some((line) => line === text || line === `${text},`)).toBe(true);
    }
  });

  it("indents what is short", () => {
    const report = { ...sampleHost(1), subjects: [], findings: [] };
    expect(json(report)).toContain('\n  "subjects": [],\n  "findings": [],\n');
    expect(json(report)).toMatch(/^\{\n {2}"schemaVersion": 1,\n {2}"tool": \{\n {4}"name": "seaworthy",\n/);
  });

  it("gives any names back, in signs that every terminal only shows", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (source) => {
        const report: Report = {
          ...sampleHost(1),
          source,
          problems: [{ what: source, where: "", todo: "" }],
        };
        const text = json(report);
        expect(text).toMatch(/^[ -~\n]*$/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report)));
        expect(bytes(report).toString()).toBe(text);
      }),
    );
  });
});
