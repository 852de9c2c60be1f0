import { describe, expect, test } from "vitest";
import { parseDockerfile } from "#evidence/dockerfile/parse.ts";
import type { DockerfileEvidence } from "#model/evidence/dockerfile.ts";
import { DEFAULT_SETTINGS, type Preset } from "#model/settings.ts";
import type { JudgeContext, Judgement, Rule } from "../rule.ts";
import commands from "./commands.ts";
import control from "./control.ts";
import dialect from "./dialect.ts";
import { LEVELS } from "./levels.ts";
import syntax from "./syntax.ts";
import words from "./words.ts";

const TABLES = [...syntax, ...words, ...commands, ...control, ...dialect];

function evidenceOf(text: string): DockerfileEvidence {
  return { path: "Dockerfile", dockerfile: parseDockerfile(text), context: null, namedContexts: [] };
}

function judged(
  rule: Rule<"dockerfile">,
  evidence: DockerfileEvidence,
  preset: Preset = "strict",
): Judgement[] {
  const context = { settings: { ...DEFAULT_SETTINGS, preset } } as JudgeContext;
  return [rule.judge(evidence, context)].flat();
}

test("every code that is judged has a rule, and every rule a code", () => {
  const ids = TABLES.map(({ id }) => id.replace("SW-SH-", "")).toSorted();
  expect(ids).toEqual(Object.keys(LEVELS).toSorted());
});

describe("examples", () => {
  test.each(TABLES.map((rule) => [rule.id, rule] as const))("of %s", (id, rule) => {
    const preset = id === "SW-SH-2336" ? "hadolint" : "strict";
    const { bad, good } = rule.examples;
    expect(judged(rule, evidenceOf(`FROM debian:12\n${bad}\n`), preset).length, bad).toBeGreaterThan(0);
    const mended = evidenceOf(`FROM debian:12\n${good}\n`);
    expect(judged(rule, mended, preset), good).toEqual([]);
    // the better code is sound, too
    const broken = TABLES.filter(({ aliases }) => /^SC10(?:36|70|72|89)$/.test(aliases?.[0] ?? ""));
    expect(
      broken.flatMap((each) => judged(each, mended, preset)),
      good,
    ).toEqual([]);
  });
});
