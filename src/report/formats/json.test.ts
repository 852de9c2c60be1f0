import { describe, expect, it } from "vitest";
import { sampleHost } from "../terminal/testing.ts";
import json from "./json.ts";

describe("json", () => {
  it("is the report, in the order of its fields", () => {
    const report = sampleHost(2);
    expect(json(report)).toBe(`${JSON.stringify(report, null, 2)}\n`);
  });
});
