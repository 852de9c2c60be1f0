import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import type { Report } from "#model/report.ts";
import json from "./formats/json.ts";
import { hostileReport } from "./formats/testing.ts";
import { ReportSchema } from "./schema.ts";
import { sampleFinding, sampleHost, sampleReport } from "./terminal/testing.ts";

// As scripts/generate-schemas.mjs makes schemas/report.schema.json.
const jsonSchema = z.toJSONSchema(ReportSchema, { target: "draft-07", io: "input" });
const validate = new Ajv({ allErrors: true }).compile(jsonSchema);
const doc = readFileSync(new URL("../../docs/json-report.md", import.meta.url), "utf8");

/** The report as its readers get it. */
function written(report: Report): unknown {
  return JSON.parse(json(report));
}

describe("the schema of the JSON report", () => {
  it("has exactly the type of the model", () => {
    expectTypeOf<z.infer<typeof ReportSchema>>().toEqualTypeOf<Report>();
  });

  it("accepts reports and keeps every field of them", () => {
    const report = written(sampleHost(3));
    expect(ReportSchema.parse(report)).toEqual(report);
    expect(validate(report)).toBe(true);
  });

  it("accepts any names, and every optional field", () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const value = written(report);
        expect(ReportSchema.parse(value)).toEqual(value);
        expect(validate(value)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("refuses a report of another version, and one without a field", () => {
    const report = written(sampleReport([sampleFinding()])) as Record<string, unknown>;
    const { problems: _, ...without } = report;
    for (const bad of [
      { ...report, schemaVersion: 2 },
      { ...report, collectedAt: 1 },
      { ...report, findings: [{ ...sampleFinding(), verdict: "bad" }] },
      without,
    ]) {
      expect(ReportSchema.safeParse(bad).success).toBe(false);
      expect(validate(bad)).toBe(false);
    }
  });

  it("allows fields that it does not name: new ones may come", () => {
    const report = { ...(written(sampleReport([])) as object), more: 1 };
    expect(ReportSchema.safeParse(report).success).toBe(true);
    expect(validate(report)).toBe(true);
  });
});

describe("docs/json-report.md", () => {
  it("has an example that follows the schema", () => {
    const [, example = ""] = /```json\n(.*?)```/s.exec(doc) ?? [];
    const report = JSON.parse(example);
    expect(ReportSchema.parse(report)).toEqual(report);
  });

  it("describes every field", () => {
    const documented = new Set([...doc.matchAll(/^\| `([\w.[\]]+)` +\|/gm)].map(([, field]) => field));
    expect(fieldsOf(jsonSchema).filter((field) => !documented.has(field))).toEqual([]);
    expect([...documented].filter((field) => !fieldsOf(jsonSchema).includes(field ?? ""))).toEqual([]);
  });
});

/** Paths of all fields: `findings[].subject.name`. Maps by verdict and severity count as one field. */
function fieldsOf(schema: z.core.JSONSchema.BaseSchema, prefix = ""): string[] {
  const { properties, items, anyOf } = schema;
  const inner = [...(Array.isArray(anyOf) ? anyOf : []), ...(isSchema(items) ? [items] : [])];
  return [
    ...Object.entries(properties ?? {}).flatMap(([name, value]) =>
      isSchema(value)
        ? [prefix + name, ...fieldsOf(value, `${prefix}${name}${isList(value) ? "[]" : ""}.`)]
        : [],
    ),
    ...inner.flatMap((value) => (isSchema(value) ? fieldsOf(value, prefix) : [])),
  ];
}

function isSchema(value: unknown): value is z.core.JSONSchema.BaseSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList({ type }: z.core.JSONSchema.BaseSchema): boolean {
  return type === "array";
}
