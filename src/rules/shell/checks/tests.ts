import type { Command, TestBinaryExpression, Word } from "unbash";
import { partsOfTest, readBrackets, type Operator, type Test } from "../brackets.ts";
import { fail } from "../faults.ts";
import { brief, literal, partsOf } from "../tree.ts";
import { lacks } from "./portability.ts";
import { parentOf, report, type Check, type Visit } from "../visit.ts";

/** What is between brackets: SC1020, SC1035, SC1072, SC2050, SC2070, SC2078, SC2166, SC2212 and SC30xx. */
export const tests: Check = {
  Command: (node, visit) => {
    const { name } = node;
    if (name === undefined || !name.text.startsWith("[")) return;
    if (name.text === "[") judgeBrackets(node, name, visit);
    else if (/^\[{1,2}[^\s[\]]/.test(name.text)) lacksBlank(node, name, visit);
  },
  TestCommand: (node, visit) => {
    lacks(visit, 3010, node, "[[ ]]");
  },
  TestBinary: (node, visit) => constant(node, visit),
  TestUnary: (node, visit) => {
    // `[[ word ]]`: an operator that is not written
    if (node.pos === node.operand.pos) alwaysTrue(node.operand, visit);
  },
};

function lacksBlank(node: Command, name: Word, visit: Visit): void {
  const brackets = name.text.startsWith("[[") ? 2 : 1;
  const at = { pos: name.pos, end: name.pos + brackets };
  report(visit, 1035, at, "a blank is needed behind the bracket");
  const last = node.args.at(-1) ?? name;
  if (last.text !== "]".repeat(brackets)) unclosed(last, visit);
}

function judgeBrackets(node: Command, name: Word, visit: Visit): void {
  const { test, fault } = readBrackets(node);
  if (fault !== null) {
    const last = node.args.at(-1) ?? name;
    if (fault.text !== undefined && /^(?:[=!]?=[^=~]|!-)/.test(fault.text)) {
      report(visit, 1035, fault, `a blank is needed within ${brief(fault.text)}`);
    } else if (last.text === "]") fail(visit, 1072, fault, "this test cannot be read");
    else if (!goesOn(node, visit)) unclosed(last, visit);
    return;
  }
  if (test === null) return;
  for (const part of partsOfTest(test)) judgePart(part, visit);
}

function unclosed({ text, end }: { text: string; end: number }, visit: Visit): void {
  if (text.endsWith("]"))
    fail(visit, 1020, { pos: end - 1, end: end - 1 }, "a blank is needed before the closing bracket");
  fail(visit, 1072, { pos: end, end }, "this test cannot be read");
}

/** SC2107, SC2109: `[ a && b ]`, which the parser takes for two commands. */
function goesOn(node: Command, visit: Visit): boolean {
  const list = parentOf(visit);
  if (list?.type !== "AndOr") return false;
  const at = list.commands.indexOf(node);
  const operator = list.operators[at];
  const rest = list.commands.slice(at + 1);
  if (
    operator === undefined ||
    !rest.some((one) => one.type === "Command" && one.args.at(-1)?.text === "]")
  ) {
    return false;
  }
  const pos = visit.source.indexOf(operator, node.end);
  const code = operator === "&&" ? 2107 : 2109;
  report(
    visit,
    code,
    { pos, end: pos + 2 },
    `${operator} ends the command within the brackets: close them before it`,
  );
  return true;
}

function judgePart(test: Test, visit: Visit): void {
  switch (test.kind) {
    case "word":
      if (/^!?-[A-Za-z]["'$]/.test(test.word.text)) {
        report(visit, 1035, test.word, `a blank is needed within ${brief(test.word.text)}`);
      } else alwaysTrue(test.word, visit);
      return;
    case "unary": {
      const operator = test.operator.text;
      if (operator === "-n" && hasBare(test.word)) {
        report(
          visit,
          2070,
          test.word,
          `-n without quotes around ${brief(test.word.text)} is true even if it is empty`,
        );
      }
      if (!visit.posix) return;
      if (operator === "-v") report(visit, 3016, test.operator, "-v of a variable is no part of POSIX sh");
      if (operator === "-a") report(visit, 3017, test.operator, "-a of a file is no part of POSIX sh; -e is");
      return;
    }
    case "binary":
      constant(test, visit);
      portable(test.operator, visit);
      return;
    case "logic":
      report(
        visit,
        2166,
        test.operator,
        `${brief(test.operator.text)} between tests is not well defined; put them in brackets of their own`,
      );
      return;
  }
}

function alwaysTrue(word: Word, visit: Visit): void {
  const text = literal(word);
  if (text === null || /^(?:0|1|true|false)$/.test(text)) return;
  report(visit, 2078, word, `${brief(word.text)} is a text and no variable: the test is always true`);
}

function portable(operator: Operator, visit: Visit): void {
  if (!visit.posix) return;
  const { text } = operator;
  if (text === "==") {
    if (visit.dialect === "busybox") return; // has it
    report(visit, 3014, operator, "== in a test is no part of POSIX sh; = is", {
      title: "Write =",
      safety: "safe",
      edits: [{ start: operator.pos, end: operator.end, text: "=" }],
    });
  } else if (text === "=~") report(visit, 3015, operator, "=~ is no part of POSIX sh");
  else if (visit.dialect !== "sh") return;
  else if (/^\\?[<>]=?$/.test(text))
    report(visit, 3012, operator, `${text} in a test is no part of POSIX sh`);
  else if (/^-(?:nt|ot|ef)$/.test(text) && visit.options.release === "0.9") {
    report(visit, 3013, operator, `${text} is no part of POSIX sh`);
  }
}

function hasBare(word: Word): boolean {
  return partsOf(word).some(
    ({ type }) => type === "SimpleExpansion" || type === "ParameterExpansion" || type === "CommandExpansion",
  );
}

/** SC2050: both sides are plain text. */
function constant(test: Extract<Test, { kind: "binary" }> | TestBinaryExpression, visit: Visit): void {
  const { left, right } = test;
  const operator = typeof test.operator === "string" ? test.operator : test.operator.text;
  if (/^-(?:nt|ot|ef)$/.test(operator) || operator === "=~") return;
  const one = literal(left);
  const other = literal(right);
  if (one === null || other === null) return;
  if (/^-(?:eq|ne|lt|le|gt|ge)$/.test(operator) && !(/^\d/.test(one) && /^\d/.test(other))) return;
  const at = typeof test.operator === "string" ? visit.source.indexOf(operator, left.end) : test.operator.pos;
  report(
    visit,
    2050,
    { pos: at, end: at + operator.length },
    `${brief(left.text)} and ${brief(right.text)} are texts: the test never changes`,
  );
}
