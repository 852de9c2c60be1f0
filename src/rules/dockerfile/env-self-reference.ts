import type { Dockerfile, Instruction, Pair } from "#model/evidence/dockerfile.ts";
import type { Fix } from "#model/text.ts";
import { page, rule } from "../rule.ts";
import { type EditedFile, fixOf, hasCommentWithin, lineEnd, lineStart } from "./facts/instruction-edits.ts";
import { instructionsOf } from "./facts/instruction-find.ts";
import { type Fault, failures, listed } from "./facts/instruction-findings.ts";
import { stageOf, stageTitle } from "./facts/stage-place.ts";

export default rule({
  id: "SW-DF-ENV-SELF-REFERENCE",
  subject: "dockerfile",
  title: "Uses a variable in the ENV that sets it",
  severity: "medium",
  risk: "All values of one ENV see what was set before it: the variable is still empty, or has its old value.",
  countermeasure: "Set it in an ENV of its own, before.",
  remediation: { dockerfile: "ENV HOME=/app\nENV BIN=$HOME/bin" },
  aliases: ["DL3044", "droast:DF062"],
  references: [
    page(
      "Dockerfile reference: environment replacement",
      "https://docs.docker.com/reference/dockerfile/#environment-replacement",
    ),
    page("hadolint: DL3044", "https://github.com/hadolint/hadolint/wiki/DL3044"),
  ],
  examples: {
    bad: "ENV BASE=/app BIN=$BASE/bin",
    good: "ENV BASE=/app\nENV BIN=$BASE/bin",
  },
  judge: ({ path, dockerfile }) => {
    const faults: Fault[] = [];
    const known = new Set<string>();
    const sets = dockerfile.instructions.filter(({ keyword }) => keyword === "ENV" || keyword === "ARG");
    if (instructionsOf(dockerfile, "ENV").length === 0) return [];
    for (const instruction of sets) {
      if (instruction.keyword === "ENV" && instruction.pairs.length > 1) {
        const fault = faultOf({ path, dockerfile }, instruction, known);
        if (fault !== null) faults.push(fault);
      }
      for (const { name } of instruction.pairs) known.add(name.value);
    }
    return failures(faults);
  },
});

function faultOf(file: EditedFile, instruction: Instruction, known: ReadonlySet<string>): Fault | null {
  const { pairs } = instruction;
  const times = new Map<string, number>();
  for (const { name } of pairs) times.set(name.value, (times.get(name.value) ?? 0) + 1);
  const used: Pair[] = [];
  const names = new Set<string>();
  for (const pair of pairs) {
    for (const name of usedNames(pair.value?.raw ?? "", file.dockerfile.escape)) {
      // Its own old value is what a variable refers to: only one that another pair sets is a slip.
      const others = (times.get(name) ?? 0) - (pair.name.value === name ? 1 : 0);
      if (others <= 0 || known.has(name)) continue;
      names.add(name);
      if (used.at(-1) !== pair) used.push(pair);
    }
  }
  const [first] = used;
  if (first === undefined) return null;
  const list = [...names].map((name) => `$${name}`);
  return {
    message: `${listed(list)} ${list.length > 1 ? "are" : "is"} set by the same ENV, and not known yet`,
    range: first.value?.range ?? first.range,
    key: `${stageTitle(stageOf(file.dockerfile, instruction))} ${list.join(" ")}`,
    fixes: splitFix(file, instruction, used),
  };
}

/** Begins a new ENV at each pair that needs those before it. */
function splitFix(file: EditedFile, instruction: Instruction, used: readonly Pair[]): Fix[] {
  const { path, dockerfile } = file;
  const { text } = dockerfile;
  const { pairs, keywordRaw, range } = instruction;
  if (instruction.stage === -1 || hasCommentWithin(dockerfile, range)) return [];
  const set = new Set<string>();
  const edits = [];
  const indent = text.slice(lineStart(text, range.start), range.start);
  for (const [at, pair] of pairs.entries()) {
    const before = pairs[at - 1];
    const needs = usedNames(pair.value?.raw ?? "", dockerfile.escape).some((name) => set.has(name));
    if (needs && before !== undefined) {
      edits.push({
        path,
        start: before.range.end,
        end: pair.range.start,
        text: `${lineEnd(dockerfile)}${indent}${keywordRaw} `,
      });
      set.clear();
    }
    set.add(pair.name.value);
  }
  // Used before it is set: no order of the lines tells what was meant.
  return edits.length === 0 || used.length !== edits.length ? [] : [fixOf("Split the ENV", "unsafe", edits)];
}

/** Names of the variables that a value uses: not those in single quotes or behind an escape. */
function usedNames(raw: string, escape: Dockerfile["escape"]): string[] {
  if (!raw.includes("$")) return [];
  const names: string[] = [];
  let single = false;
  let double = false;
  for (let at = 0; at < raw.length; at += 1) {
    const character = raw[at];
    if (character === escape && !single) at += 1;
    else if (character === "'" && !double) single = !single;
    else if (character === '"' && !single) double = !double;
    else if (character === "$" && !single) {
      const name = /^\{?([A-Za-z_][A-Za-z0-9_]*)/.exec(raw.slice(at + 1, at + 256))?.[1];
      if (name !== undefined) names.push(name);
    }
  }
  return names;
}
