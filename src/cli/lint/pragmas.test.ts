import { describe, expect, it } from "vitest";
import { parseDockerfile } from "#evidence/dockerfile/parse.ts";
import { finding as sample } from "#policy/testing.ts";
import { applyPragmas } from "#policy/pragmas/apply.ts";
import { dockerfilePragmas } from "#policy/pragmas/dockerfile.ts";
import { blockPragmas } from "#policy/pragmas/yaml.ts";

const known = new Set(["DL3008", "DL3002", "SW-DF-USER-ROOT", "StageNameCasing", "SC2086"]);
const context = { path: "Dockerfile", now: Date.parse("2026-06-01T12:00:00Z"), known, judged: known };

/** A finding of `alias` on a line. */
function at(line: number, alias = "DL3008") {
  const location = { path: "Dockerfile", startLine: line, startColumn: 1, endLine: line, endColumn: 2 };
  return sample({ ruleId: `SW-${alias}`, aliases: [alias], location });
}

/** Lines of the findings that comments of the text accept, and what is wrong with the comments. */
function accepted(text: string, lines: number[], alias?: string): { lines: number[]; faults: string[] } {
  const findings = lines.map((line) => at(line, alias));
  const applied = applyPragmas(findings, dockerfilePragmas(parseDockerfile(text)), context);
  return {
    lines: applied.findings
      .filter(({ exception }) => exception !== null)
      .map(({ location }) => location?.startLine ?? 0),
    faults: applied.faults.map(({ message }) => message),
  };
}

describe("pragmas of a Dockerfile", () => {
  it("accept what is found in the instruction below", () => {
    const text = "FROM a\n# seaworthy ignore=DL3008 reason=x\nRUN a && \\\n  b\nRUN c\n";
    expect(accepted(text, [3, 4, 5])).toEqual({ lines: [3, 4], faults: [] });
  });

  it("accept within their stage only", () => {
    const text = "# hadolint stage ignore=DL3008\nFROM a\nRUN a\nFROM b\nRUN b\n";
    expect(accepted(text, [2, 3, 5])).toEqual({ lines: [2, 3], faults: [] });
  });

  it("accept everywhere where they are global, or a directive", () => {
    expect(accepted("FROM a\nRUN a\n# hadolint global ignore=DL3008\n", [1, 2]).lines).toEqual([1, 2]);
    expect(accepted("# check=skip=StageNameCasing\nFROM a AS B\n", [2], "StageNameCasing").lines).toEqual([
      2,
    ]);
    expect(accepted("# check=skip=all\nFROM a AS B\n", [2], "StageNameCasing").lines).toEqual([2]);
  });

  it("of the builder mean its own checks only", () => {
    expect(accepted("# check=skip=all\nFROM a\nRUN a\n", [3]).lines).toEqual([]);
  });

  it("that cover nothing, have expired or name no rule are faults", () => {
    expect(accepted("FROM a\n# seaworthy ignore=DL3008\nRUN a\n", []).faults).toEqual([
      "ignore=DL3008 covers nothing here: remove it",
    ]);
    expect(accepted("FROM a\n# seaworthy ignore=DL3008 expires=2026-05-31\nRUN a\n", [3])).toEqual({
      lines: [],
      faults: ["ignore=DL3008 has expired on 2026-05-31: mend it, or decide anew"],
    });
    expect(accepted("FROM a\n# seaworthy ignore=DL3008 expires=2026-06-01\nRUN a\n", [3]).lines).toEqual([3]);
    expect(accepted("FROM a\n# seaworthy ignore=DL9999\nRUN a\n", []).faults).toEqual([
      "ignore=DL9999: there is no such rule",
    ]);
    expect(accepted("FROM a\n# seaworthy: disable DL3008\nRUN a\n", []).faults[0]).toContain("no pragma");
  });

  it("of others may name rules that only they have", () => {
    expect(accepted("FROM a\n# hadolint ignore=DL9999\nRUN a\n", []).faults).toEqual([]);
  });

  it("keep the reason, the end and the place", () => {
    const text =
      'FROM a\n# seaworthy ignore=DL3008 reason="the mirror has one version" expires=2026-07-01\nRUN a\n';
    const [first] = applyPragmas([at(3)], dockerfilePragmas(parseDockerfile(text)), context).findings;
    expect(first?.exception).toEqual({
      reason: "the mirror has one version",
      expires: "2026-07-01",
      source: "Dockerfile:2",
    });
  });
});

describe("pragmas of a text with blocks", () => {
  it("cover the line below and what is indented below it", () => {
    const text =
      "services:\n  # seaworthy ignore=X reason=y\n  web:\n    image: a\n\n    user: b\n  db:\n    image: c\n";
    expect(blockPragmas(text).pragmas[0]?.lines).toEqual({ first: 3, last: 6 });
  });
});
