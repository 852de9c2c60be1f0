import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import { parsePolicy } from "./parse.ts";
import { DEFAULT_POLICY } from "./policy.ts";
import { keysAt, PolicyFile } from "./schema.ts";

const root = new URL("../../", import.meta.url);
const schema = JSON.parse(readFileSync(new URL("schemas/policy.schema.json", root), "utf8")) as object;
const ajv = new Ajv({ allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

const page = readFileSync(new URL("docs/policy.md", root), "utf8");
const example = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? "";

describe("the schema", () => {
  it("has the defaults of the policy", () => {
    const { path: _, ...defaults } = DEFAULT_POLICY;
    expect(PolicyFile.parse({})).toEqual(defaults);
  });

  it("offers every key for suggestions", () => {
    expect(keysAt(["settings"]).toSorted()).toEqual(Object.keys(DEFAULT_SETTINGS).toSorted());
    expect(keysAt(["exceptions", 0])).toEqual(["rule", "subject", "reason", "owner", "expires"]);
    expect(keysAt(["rules"])).toEqual([]);
  });
});

describe("the JSON Schema", () => {
  it.each([
    "{}",
    "rules: { a: off, b: { severity: low } }",
    "exceptions: [{ rule: a, subject: b, reason: c, expires: 2024-02-29 }]",
    "failOn: hihg",
    "rules: { a: { severty: low } }",
    "rules: { '': off }",
    "unknown: 1",
    "exceptions: [{ rule: a, subject: b }]",
    "exceptions: [{ rule: a, subject: b, reason: ' ' }]",
    "exceptions: [{ rule: a, subject: b, reason: c, expires: 2026-02-29 }]",
    "settings: { maxRestarts: -1 }",
    "settings: { privilegedPorts: [1.5] }",
    "settings: { unknown: 1 }",
    "labelExceptions: yes",
  ])("agrees with us on %s", (text) => {
    const data: unknown = parse(text);
    expect(validate(data)).toBe(PolicyFile.safeParse(data).success);
  });

  it("describes every key in words", () => {
    const undescribed: string[] = [];
    const visit = (node: Record<string, unknown>, path: string): void => {
      for (const [key, child] of Object.entries((node["properties"] ?? {}) as Record<string, typeof node>)) {
        if (typeof child["description"] !== "string") undescribed.push(`${path}/${key}`);
        visit(child, `${path}/${key}`);
        if (typeof child["items"] === "object") visit(child["items"] as typeof node, `${path}/${key}[]`);
      }
    };
    visit(schema as Record<string, unknown>, "");
    expect(undescribed).toEqual([]);
  });
});

describe("the example of the docs", () => {
  it("is a good policy", () => {
    expect(parsePolicy(example, "seaworthy.yaml").exceptions).toHaveLength(1);
    expect(validate(parse(example))).toBe(true);
  });

  it("shows every key, and the page explains it", () => {
    const shown = parse(example) as Record<string, object>;
    expect(Object.keys(shown).toSorted()).toEqual(keysAt([]).toSorted());
    expect(Object.keys(shown["settings"] ?? {}).toSorted()).toEqual(keysAt(["settings"]).toSorted());
    for (const key of keysAt([])) expect(page).toContain(`**\`${key}\`**`);
    const table = [...page.matchAll(/^\| `(\w+)` *\| `([^`]*)` *\|/gm)].map(([, key, value]) => [key, value]);
    expect(Object.fromEntries(table)).toEqual(
      Object.fromEntries(
        Object.entries(DEFAULT_SETTINGS).map(([key, value]) => [
          key,
          Array.isArray(value)
            ? `[${value.join(", ")}]`
            : typeof value === "object"
              ? JSON.stringify(value)
              : String(value),
        ]),
      ),
    );
  });
});
