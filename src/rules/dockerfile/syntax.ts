import type { Dockerfile, Instruction, SyntaxProblem } from "#model/evidence/dockerfile.ts";
import { isArrayOfOthers } from "#evidence/dockerfile/json-form.ts";
import { KEYWORDS } from "#evidence/dockerfile/keywords.ts";
import { nearest } from "#evidence/dockerfile/nearest.ts";
import { page, rule } from "../rule.ts";
import { type EditedFile, fixOf, replaced } from "./facts/instruction-edits.ts";
import { type Fault, failures } from "./facts/instruction-findings.ts";
import { looksLikeJson } from "./facts/instruction-json.ts";
import { isBeyondLastPort } from "./facts/instruction-ports.ts";

export default rule({
  id: "SW-DF-SYNTAX",
  subject: "dockerfile",
  title: "Cannot be built as it is written",
  severity: "high",
  risk: "The builder stops at the first thing that it does not understand: there is no image, and nothing that it would have checked behind that place was checked.",
  countermeasure: "Write the instruction as the reference has it.",
  remediation: { dockerfile: "one instruction a line, each beginning with a keyword of the reference" },
  aliases: ["DL1000"],
  references: [page("Dockerfile reference", "https://docs.docker.com/reference/dockerfile/")],
  examples: { bad: "FROM debian:12\nCOYP app /app", good: "FROM debian:12\nCOPY app /app" },
  judge: ({ path, dockerfile }) =>
    failures(
      dockerfile.problems
        .filter((problem) => !isJudgedElsewhere(dockerfile, problem))
        .map((problem) => faultOf({ path, dockerfile }, problem)),
    ),
});

function faultOf(file: EditedFile, { code, message, range }: SyntaxProblem): Fault {
  const { text } = file.dockerfile;
  const word = text.slice(range.start, range.end);
  // Of a short word nearly everything is near: `ARE` may be anything.
  const meant = code === "keyword" ? nearest(word, KEYWORDS, word.length > 4 ? 2 : 1) : null;
  if (meant === null) return { message, range, key: message };
  const keyword = word === word.toLowerCase() ? meant.toLowerCase() : meant;
  return {
    message: `${message}: did you mean ${meant}?`,
    range,
    key: message,
    fixes: [fixOf(`Write ${keyword}`, "safe", [replaced(file, range, keyword)])],
  };
}

/** What rules of their own judge, and some of them mend. */
function isJudgedElsewhere({ instructions }: Dockerfile, { code, range }: SyntaxProblem): boolean {
  if (code === "order" || code === "trigger") return true;
  if (code !== "arguments" && code !== "port") return false;
  const instruction = instructionAt(instructions, range.start);
  if (instruction === null) return false;
  const {
    keyword,
    arguments: { text },
  } = instruction.trigger ?? instruction;
  if (code === "arguments") return keyword === "SHELL" && looksLikeJson(text) && !isArrayOfOthers(text);
  return instruction.words.some((word) => word.range.start === range.start && isBeyondLastPort(word.value));
}

function instructionAt(instructions: readonly Instruction[], at: number): Instruction | null {
  let low = 0;
  let high = instructions.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = instructions[middle] as Instruction;
    if (at < found.range.start) high = middle - 1;
    else if (at > found.range.end) low = middle + 1;
    else return found;
  }
  return null;
}
