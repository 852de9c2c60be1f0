import type { Dockerfile, Instruction, SyntaxProblem } from "#model/evidence/dockerfile.ts";
import { KEYWORDS } from "./instruction.ts";

const KNOWN = new Set<string>(KEYWORDS);
const NEEDS_PAIRS = new Set(["ENV", "LABEL", "ARG"]);
const NO_ARGUMENTS_NEEDED = new Set(["CMD"]);

/** What the builder would refuse to parse: unknown keywords, missing arguments, heredocs without end. */
export function syntaxProblems({ instructions }: Pick<Dockerfile, "instructions">): SyntaxProblem[] {
  return instructions.flatMap((instruction) => problemsOf(instruction));
}

function problemsOf(instruction: Instruction): SyntaxProblem[] {
  const { keyword, keywordRaw, keywordRange, headRange, heredocs, trigger } = instruction;
  if (!KNOWN.has(keyword)) {
    return [{ message: `${keywordRaw.slice(0, 40)} is no instruction`, range: keywordRange }];
  }
  const problems: SyntaxProblem[] = [];
  const say = (message: string, range = headRange): void => {
    problems.push({ message, range });
  };
  if (instruction.arguments.text === "" && !NO_ARGUMENTS_NEEDED.has(keyword)) {
    say(`${keyword} needs ${NEEDS_PAIRS.has(keyword) ? "a name" : "an argument"}`);
    return problems;
  }
  for (const { closed, name, range } of heredocs) {
    if (!closed) say(`the heredoc ${name} has no end`, range);
  }
  if (NEEDS_PAIRS.has(keyword)) {
    for (const { name, value, range } of instruction.pairs) {
      if (name.value === "") say(`${keyword} has a value without a name`, range);
      else if (value === null && keyword !== "ARG") say(`${keyword} ${name.value} has no value`, range);
    }
  }
  if (keyword === "FROM" && ![1, 3].includes(instruction.words.length)) {
    say("FROM takes an image, or an image and AS with a name");
  } else if (keyword === "FROM" && instruction.words.length === 3 && instruction.from?.as === null) {
    say("FROM takes AS between image and name", instruction.words[1]?.range);
  }
  if ((keyword === "COPY" || keyword === "ADD") && instruction.words.length + heredocs.length < 2) {
    say(`${keyword} needs a source and a destination`);
  }
  if (keyword === "SHELL" && !instruction.json) say("SHELL takes the JSON form only");
  if (keyword === "HEALTHCHECK" && instruction.healthcheck === null) say("HEALTHCHECK takes NONE or CMD");
  if (trigger !== null) problems.push(...problemsOf(trigger));
  return problems;
}
