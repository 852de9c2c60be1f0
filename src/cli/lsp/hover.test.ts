import { describe, expect, it } from "vitest";
import type { MarkupContent } from "vscode-languageserver-protocol";
import { hoverOf } from "./hover.ts";
import { judgedText } from "./testing.ts";

const HERE = { line: 0, character: 2 };
const show = (markdown: boolean, ...findings: Parameters<typeof judgedText>[1]) =>
  (
    hoverOf(judgedText("FROM a\n", findings), HERE, { markdown, version: "1.2.3" })?.contents as
      | MarkupContent
      | undefined
  )?.value;

describe("hover", () => {
  it("says nothing where nothing was found", () => {
    expect(show(true)).toBeUndefined();
    const location = { path: "Dockerfile", startLine: 2, startColumn: 1, endLine: 2, endColumn: 1 };
    expect(show(true, { location })).toBeUndefined();
  });

  it("explains the rule, with its page", () => {
    const text = show(true, { ruleId: "SW-CTR-PID-HOST", message: "is `bad`", aliases: ["x_y"] });
    expect(text).toMatch(
      /^\*\*Shares the host's process ids\*\*\\\nmedium · SW-CTR-PID-HOST · x_y\n\nis \\`bad\\`\n/,
    );
    expect(text).toContain("**Risk:** Every process of the host is visible from inside");
    expect(text).toContain("https://unpkg.com/seaworthy@1.2.3/docs/rules/SW-CTR-PID-HOST.md");
  });

  it("makes no markup of what others wrote", () => {
    const nasty = "<b>x</b> [x](y) ![x](y) **x** `x` |";
    const text = show(true, { message: nasty, remediation: "```\n# x\n````\n" }) ?? "";
    expect(text.split("\n\n")[1]).toBe("\\<b\\>x\\</b\\> \\[x\\](y) \\!\\[x\\](y) \\*\\*x\\*\\* \\`x\\` \\|");
    expect(text).toContain("\n`````text\n```\n# x\n````\n\n`````");
  });

  it("tells evidence that stands elsewhere only", () => {
    const evidence = [
      { witness: "declared" as const, source: "Dockerfile line 1", value: "FROM a" },
      { witness: "declared" as const, source: "base.yaml", value: "privileged" },
    ];
    const text = show(false, { evidence }) ?? "";
    expect(text).toContain("- declared base.yaml: privileged");
    expect(text).not.toContain("FROM a");
  });

  it("shows no more than a screen of findings", () => {
    const text = show(false, ...Array.from({ length: 30 }, () => ({}))) ?? "";
    expect(text).toContain("… and 25 more here");
  });
});
