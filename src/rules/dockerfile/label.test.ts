import { describe, expect, it } from "vitest";
import type { LabelKind } from "#model/settings.ts";
import { findingsIn, linesIn, mended, ruleById } from "../testing.ts";
import labelKey from "./label-key.ts";
import labelRepeated from "./label-repeated.ts";
import labelSchema from "./label-schema.ts";

const hadolint = { settings: { preset: "hadolint" as const } };
const withSchema = (schema: Record<string, LabelKind>, more = {}) => ({
  settings: { labelSchema: schema, ...more },
});

describe("SW-DF-LABEL-KEY", () => {
  it.each(["io.docker.x", "com.docker.x", "A.b", "1a", "a..b", "a--b", "a.", "-a", "a$b", "a b"])(
    "finds %s",
    (key) => {
      expect(linesIn(labelKey, `FROM x:1\nLABEL "${key}"="v"\n`, hadolint)).toEqual([2]);
    },
  );

  it.each(["a", "com.example.team-1", "com.example/build_date"])("lets %s be", (key) => {
    expect(linesIn(labelKey, `FROM x:1\nLABEL ${key}=v\n`, hadolint)).toEqual([]);
  });

  it("does not judge what a variable decides", () => {
    expect(linesIn(labelKey, "FROM x:1\nLABEL $X=v\n")).toEqual([]);
  });

  it("writes all keys of an instruction as the guidelines have them", () => {
    expect(mended(labelKey, 'FROM x:1\nLABEL Com.Example.Team=web "Org..Name"="x" ok=1\n', "unsafe")).toBe(
      'FROM x:1\nLABEL com.example.team=web "org.name"="x" ok=1\n',
    );
    expect(findingsIn(labelKey, "FROM x:1\nLABEL com.docker.x=1\n")[0]).toMatchObject({
      severity: "low",
      fixes: [],
    });
  });
});

describe("the label schema", () => {
  const missing = ruleById(labelSchema, "SW-DF-LABEL-MISSING");
  const strange = ruleById(labelSchema, "SW-DF-LABEL-UNKNOWN");
  const empty = ruleById(labelSchema, "SW-DF-LABEL-EMPTY");

  it("is silent where there is none", () => {
    for (const rule of labelSchema) expect(findingsIn(rule, "FROM a:1\nLABEL x=\n")).toEqual([]);
  });

  it("wants each label in the image that is shipped", () => {
    const text = "FROM a:1 AS base\nLABEL one=1\nFROM a:1 AS tools\nFROM base\nCOPY --from=tools /x /x\n";
    const found = findingsIn(missing, text, withSchema({ one: "text", two: "text" }));
    expect(found.map(({ line, message }) => [line, message])).toEqual([[4, "the label two is missing"]]);
  });

  it("wants them in more stages where the old tool does", () => {
    const more = { preset: "hadolint" as const };
    const all = "FROM a:1\nFROM b:1\n";
    expect(linesIn(missing, all, withSchema({ x: "text" }, more))).toEqual([1, 2]);
    const copied = "FROM a:1 AS tools\nFROM b:1\nLABEL x=1\nCOPY --from=tools /t /t\n";
    expect(linesIn(missing, copied, withSchema({ x: "text" }, more))).toEqual([]);
  });

  it("finds labels that it does not know, if it is strict", () => {
    expect(linesIn(strange, "FROM a:1\nLABEL x=1 y=2\n", withSchema({ x: "text" }))).toEqual([]);
    expect(
      linesIn(strange, "FROM a:1\nLABEL x=1 y=2\n", withSchema({ x: "text" }, { strictLabels: true })),
    ).toEqual([2]);
  });

  it("finds empty ones", () => {
    expect(linesIn(empty, 'FROM a:1\nLABEL x="" y=\nLABEL x=1\n', withSchema({ x: "text" }))).toEqual([2]);
  });

  const VALUES: [string, LabelKind, string, string][] = [
    ["SW-DF-LABEL-URL", "url", "example.com", "https://example.com/x?y"],
    ["SW-DF-LABEL-TIME", "rfc3339", "2026-02-30T00:00:00Z", "2026-02-28T23:59:59.5+01:00"],
    ["SW-DF-LABEL-LICENCE", "spdx", "Apache2", "Apache-2.0"],
    ["SW-DF-LABEL-COMMIT", "hash", "43C572F", "43c572f"],
    ["SW-DF-LABEL-VERSION", "semver", "v1.2.3", "1.2.3-rc.1+5"],
    ["SW-DF-LABEL-EMAIL", "email", "web", "web@example.com"],
  ];

  it.each(VALUES)("%s judges values of the kind %s", (id, kind, bad, good) => {
    const rule = ruleById(labelSchema, id);
    const text = `FROM a:1\nARG V=${bad}\nLABEL k="${bad}"\nLABEL k="${good}" other="${bad}"\nLABEL k=$V\nLABEL k=$UNSET\n`;
    expect(linesIn(rule, text, withSchema({ k: kind }))).toEqual([3, 5]);
  });

  it("takes an expression of licences, and one licence where the old tool does", () => {
    const rule = ruleById(labelSchema, "SW-DF-LABEL-LICENCE");
    const text = 'FROM a:1\nLABEL k="(MIT OR Apache-2.0+) AND GPL-2.0-only WITH Classpath-exception-2.0"\n';
    expect(linesIn(rule, text, withSchema({ k: "spdx" }))).toEqual([]);
    expect(linesIn(rule, text, withSchema({ k: "spdx" }, { preset: "hadolint" }))).toEqual([2]);
  });
});

describe("SW-DF-LABEL-REPEATED", () => {
  it("removes the value that does not count", () => {
    const text = "FROM a:1\nLABEL x=1\nLABEL y=1 \\\n      z=2\nLABEL x=2 y=3\nFROM b:1\nLABEL x=1\n";
    expect(linesIn(labelRepeated, text)).toEqual([2, 3]);
    expect(mended(labelRepeated, text)).toBe("FROM a:1\nLABEL z=2\nLABEL x=2 y=3\nFROM b:1\nLABEL x=1\n");
  });

  it("has no fix for the last one of an instruction", () => {
    expect(findingsIn(labelRepeated, "FROM a:1\nLABEL a=1 x=1\nLABEL x=2\n")[0]?.fixes).toEqual([]);
  });
});
