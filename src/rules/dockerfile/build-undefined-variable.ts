import type { Dockerfile, Instruction, Stage } from "#model/evidence/dockerfile.ts";
import type { Fix, Range } from "#model/text.ts";
import { expand, type Use } from "#evidence/dockerfile/expand.ts";
import { nearest } from "#evidence/dockerfile/nearest.ts";
import { page, rule } from "../rule.ts";
import { type EditedFile, fixOf, inserted, lineEnd, lineStart, replaced } from "./facts/instruction-edits.ts";
import { type Fault, failures } from "./facts/instruction-findings.ts";
import { imageMaySet, imageVariables, type ImageVariables } from "./facts/scope-image-variables.ts";
import { type Scope, scopeBefore } from "./facts/scope-variables.ts";
import { type ExpandedText, expandedTexts } from "./facts/scope-words.ts";

// Read by the builder itself, and never set in a stage (moby/buildkit, dockerfile2llb/convert.go).
const FOR_THE_BUILDER = new Set(["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"]);
const MOST_LOOKS = 1000;
const MOST_GUESSES = 50;

export default rule({
  id: "SW-DF-UNDEFINED-VARIABLE",
  subject: "dockerfile",
  title: "Uses a variable that is not set there",
  severity: "medium",
  risk: "The builder puts nothing in its place and goes on: a path that is cut short, a version that is empty, an environment that lacks what follows.",
  countermeasure:
    "ARG or ENV before the place sets it. An ARG before the first FROM holds in FROM only; a stage that needs it names it again.",
  remediation: { dockerfile: "ARG VERSION before the instruction that uses it" },
  aliases: ["UndefinedVar"],
  references: [
    page(
      "Docker build checks: UndefinedVar",
      "https://docs.docker.com/reference/build-checks/undefined-var/",
    ),
    page("Dockerfile reference: scope of ARG", "https://docs.docker.com/reference/dockerfile/#scope"),
  ],
  examples: {
    bad: "FROM debian:12\nCOPY $APP /app\nARG APP=dist",
    good: "FROM debian:12\nARG APP=dist\nCOPY $APP /app",
  },
  judge: ({ path, dockerfile }, { settings: { preset } }) => {
    const parity = preset === "hadolint";
    const faults: Fault[] = [];
    const budget = { looks: MOST_LOOKS, guesses: MOST_GUESSES };
    for (const stage of dockerfile.stages) {
      // A plain build warns of the stages that it runs; whoever reads the file wants to know of all.
      if (parity && !stage.reachable) continue;
      const kind = imageVariables(dockerfile, stage);
      const setters = settersIn(stage);
      for (const instruction of stage.instructions) {
        if (budget.looks <= 0) return failures(faults);
        if (parity && instruction.keyword === "EXPOSE") continue;
        const texts = expandedTexts(instruction);
        if (texts.length === 0) continue;
        const scope = scopeBefore(dockerfile, instruction);
        const certain = preset === "recommended";
        const looked: Looked = {
          path,
          dockerfile,
          instruction,
          scope,
          setters,
          kind,
          certain,
          parity,
          budget,
        };
        for (const fault of faultsOf(looked, texts)) faults.push(fault);
      }
    }
    return failures(faults);
  },
});

interface Looked extends EditedFile {
  instruction: Instruction;
  scope: Scope;
  /** The first instruction of the stage that sets a variable. */
  setters: ReadonlyMap<string, Instruction>;
  kind: ImageVariables;
  /** Only what cannot be a variable of the base image. */
  certain: boolean;
  /** Also variables with a default of their own, as the builder. */
  parity: boolean;
  /** Unknown variables that are still looked into, and those for which a slip is, in a hostile file. */
  budget: { looks: number; guesses: number };
}

function faultsOf(looked: Looked, texts: readonly ExpandedText[]): Fault[] {
  const { dockerfile, instruction, scope, kind, parity } = looked;
  const seen = new Set<string>();
  return texts.flatMap(({ text, raw, place }) => {
    const escape = raw ? "\\" : dockerfile.escape;
    const inOrder = instruction.keyword === "ARG" ? withOwnArgs(instruction, scope) : scope;
    return expand(text, inOrder, escape, raw).uses.flatMap((use): Fault[] => {
      const { name, known, modifier } = use;
      if (known || seen.has(name) || inOrder.declares(name) || FOR_THE_BUILDER.has(name)) return [];
      if (!parity && modifier !== "" && /[-+?]$/.test(modifier)) return [];
      if (!/^[A-Za-z_]/.test(name) || imageMaySet(kind, name)) return [];
      const fault = faultOf(looked, use, place(use.start, use.end));
      if (fault === null) return [];
      seen.add(name);
      return [fault];
    });
  });
}

// `ARG A=1 B=$A`: each sees those before it.
function withOwnArgs({ pairs }: Instruction, scope: Scope): Scope {
  const own = new Set(pairs.map(({ name }) => name.value));
  return { ...scope, get: (name) => (own.has(name) ? null : scope.get(name)) };
}

function faultOf(looked: Looked, use: Use, range: Range): Fault | null {
  const { dockerfile, instruction, scope, kind, certain, parity, budget } = looked;
  if ((budget.looks -= 1) < 0) return null;
  const { name } = use;
  const key = `${instruction.keyword} $${name}`;
  const start = `uses the undefined variable $${name}`;
  if (isGlobal(dockerfile, name)) {
    const fixes = [declaredBefore(looked, name)];
    return { message: `${start}: ARG ${name} before the first FROM holds in FROM only`, range, key, fixes };
  }
  // None stands before the instruction, or the variable would be known.
  const later = looked.setters.get(name) ?? null;
  if (later === instruction && instruction.keyword === "ENV") {
    // A rule of its own judges what an ENV takes from itself.
    return parity ? { message: `${start}: an ENV does not see what it sets`, range, key } : null;
  }
  if (later !== null) return { message: `${start}: ${later.keyword} sets it further down`, range, key };
  const meant = (budget.guesses -= 1) < 0 ? null : nearest(name, ["PATH", ...scope.names()]);
  if (meant !== null) {
    return {
      message: `${start} (did you mean $${meant}?)`,
      range,
      key,
      fixes: spelled(looked, use, range, meant),
    };
  }
  return certain && kind === "some" ? null : { message: start, range, key };
}

function isGlobal({ globalArgs }: Dockerfile, name: string): boolean {
  return globalArgs.some(({ pairs }) => pairs.some((pair) => pair.name.value === name));
}

/** The first instruction of a stage that sets a variable, for each. */
function settersIn({ instructions }: Stage): Map<string, Instruction> {
  const setters = new Map<string, Instruction>();
  for (const each of instructions) {
    if (each.keyword !== "ARG" && each.keyword !== "ENV") continue;
    for (const { name } of each.pairs) if (!setters.has(name.value)) setters.set(name.value, each);
  }
  return setters;
}

function declaredBefore(file: Looked, name: string): Fix {
  const { text } = file.dockerfile;
  const at = file.instruction.range.start;
  const indent = text.slice(lineStart(text, at), at);
  const edit = inserted(file, at, `ARG ${name}${lineEnd(file.dockerfile)}${indent}`);
  return fixOf(`Declare ${name} in this stage`, "unsafe", [edit]);
}

function spelled(file: Looked, { name }: Use, range: Range, meant: string): Fix[] {
  const { text } = file.dockerfile;
  const at = text.indexOf(name, range.start);
  if (at === -1 || at + name.length > range.end) return [];
  return [fixOf(`Write $${meant}`, "unsafe", [replaced(file, { start: at, end: at + name.length }, meant)])];
}
