import type { Word, WordPart } from "unbash";
import { parentOf, report, type Check, type Visit } from "../visit.ts";
import { brief } from "../tree.ts";

const JOINTS = new Set(["=", ":", "/"]);
const WORD = /^[A-Za-z0-9]+$/;

/** SC2026, SC2027, SC2140: quotes that end where they should go on. SC1087: `$x[0]`. */
export const quotes: Check = {
  Word: (node, visit) => {
    const { parts } = node;
    if (parts === undefined || parts.length < 2 || isOperand(node, visit)) return;
    for (let at = 0; at + 1 < parts.length; at++) {
      const part = parts[at] as WordPart;
      const next = parts[at + 1] as WordPart;
      if (part.type === "SingleQuoted") {
        if (next.type === "Literal" && WORD.test(next.value)) {
          report(
            visit,
            2026,
            next,
            `${brief(next.text)} stands outside of the single quotes: an apostrophe ended them`,
          );
        }
      } else if (part.type === "DoubleQuoted") {
        const after = parts[at + 2];
        if (after?.type === "DoubleQuoted") between(part, next, after, visit);
      }
    }
  },
  SimpleExpansion: (node, visit) => {
    if (visit.source[node.end] !== "[" || !/^\$[A-Za-z_]/.test(node.text)) return;
    const parent = parentOf(visit);
    if (parent?.type === "HereDocBody" || parent?.type === "ArithmeticWord") return;
    report(
      visit,
      1087,
      node,
      `${brief(node.text)}[ is the variable and then a bracket; an element is \${${node.text.slice(1)}[…]}`,
    );
  },
};

type Quoted = Extract<WordPart, { type: "DoubleQuoted" }>;

function between(before: Quoted, middle: WordPart, after: Quoted, visit: Visit): void {
  if (middle.type === "Literal") {
    if (JOINTS.has(middle.text) || (isVariable(before) && isVariable(after))) return;
    report(
      visit,
      2140,
      middle,
      `${brief(middle.text)} stands outside of the quotes: the inner ones end the outer, escape them`,
    );
  } else if (
    middle.type === "SimpleExpansion" ||
    middle.type === "ParameterExpansion" ||
    (middle.type === "CommandExpansion" && middle.text.startsWith("$"))
  ) {
    report(
      visit,
      2027,
      middle,
      `${brief(middle.text)} stands outside of the quotes around it: the inner ones end the outer`,
    );
  }
}

function isVariable({ parts }: Quoted): boolean {
  return parts.length === 1 && parts[0]?.type !== "Literal";
}

/** Operands of `${…}`, regular expressions and indexes have quotes of their own. */
function isOperand(node: Word, visit: Visit): boolean {
  const parent = parentOf(visit);
  switch (parent?.type) {
    case "Default":
    case "Remove":
    case "Replace":
    case "Slice":
    case "CaseModification":
    case "Transform":
    case "ParameterExpansion":
      return true;
    case "TestBinary":
      return parent.operator === "=~" && parent.right === node;
    case "Assignment":
      return parent.index === node;
    default:
      return false;
  }
}
