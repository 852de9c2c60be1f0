import { describe, expect, it } from "vitest";
import { readCapabilities } from "./capabilities.ts";
import { diagnosticsOf } from "./diagnostics.ts";
import { judgedText } from "./testing.ts";

const ALL = readCapabilities({
  capabilities: {
    textDocument: {
      publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, tagSupport: {} },
    },
  },
});
const NONE = readCapabilities(null);
const at = (startLine: number, startColumn: number, endLine: number, endColumn: number) => ({
  path: "Dockerfile",
  startLine,
  startColumn,
  endLine,
  endColumn,
});

describe("diagnostics", () => {
  it.each([
    ["critical", 1],
    ["high", 1],
    ["medium", 2],
    ["low", 3],
    ["info", 4],
  ] as const)("%s is severity %i", (severity, number) => {
    expect(diagnosticsOf(judgedText("a", [{ severity }]), NONE, "1")[0]?.severity).toBe(number);
  });

  it("count lines as the editor does: a lone CR ends one too", () => {
    const judged = judgedText("a\rb\nRUN 😀 x\r\n", [{ location: at(2, 8, 2, 9) }]);
    expect(diagnosticsOf(judged, NONE, "1")[0]?.range).toEqual({
      start: { line: 2, character: 7 },
      end: { line: 2, character: 8 },
    });
  });

  it("stand at the beginning where the finding has no place, and stay within the text", () => {
    const judged = judgedText("a", [{ location: null }, { location: at(9, 9, 9, 9) }]);
    const zero = { line: 0, character: 0 };
    const found = diagnosticsOf(judged, NONE, "1");
    expect(found[0]?.range).toEqual({ start: zero, end: zero });
    expect(found[1]?.range.start.line).toBe(0);
  });

  it("say what the editor can show, and no more", () => {
    const evidence = [{ witness: "declared" as const, source: "base.yaml", value: "x" }];
    const judged = judgedText("MAINTAINER x", [
      { ruleId: "SW-DF-X", aliases: ["MaintainerDeprecated"], evidence },
    ]);
    const [full] = diagnosticsOf(judged, ALL, "1.2.3");
    expect(full).toMatchObject({
      code: "SW-DF-X",
      tags: [2],
      codeDescription: { href: "https://unpkg.com/seaworthy@1.2.3/docs/rules/SW-DF-X.md" },
      relatedInformation: [{ location: { uri: "file:///w/Dockerfile" }, message: "declared base.yaml: x" }],
    });
    const [bare] = diagnosticsOf(judged, NONE, "1.2.3");
    for (const key of ["tags", "codeDescription", "relatedInformation"]) expect(bare).not.toHaveProperty(key);
  });

  it("are no more than an editor can bear", () => {
    const judged = judgedText(
      "a",
      Array.from({ length: 5000 }, () => ({})),
    );
    expect(diagnosticsOf(judged, ALL, "1")).toHaveLength(1000);
  });
});
