import type { Command, SyntaxNode } from "unbash";
import { callOf } from "../calls.ts";
import { commandName, literal } from "../tree.ts";
import { report, type Check, type Visit } from "../visit.ts";
import { hasErrexit } from "./errexit.ts";

const ENDS = new Set(["exit", "return", "echo", "printf"]);
const TESTS = new Set(["[", "test", "true", ":"]);

/** SC2015: `a && b || c` runs c when b fails, too. */
export const notIfElse: Check = {
  AndOr: (node, visit) => {
    const { commands, operators } = node;
    const last = operators.length - 1;
    if (operators[last] !== "||" || operators[last - 1] !== "&&") return;
    if (isCondition([...visit.path, node], visit.path.length)) return;
    const middle = commands[last];
    const end = commands[last + 1];
    if (middle === undefined || end === undefined || isFine(end)) return;
    if (onlyAssigns(end)) return;
    if (visit.options.release === "newest" && (isTest(middle) || isNothing(end))) return;
    const at = visit.source.indexOf("&&", (commands[last - 1] as SyntaxNode).end);
    report(visit, 2015, { pos: at, end: at + 2 }, "a && b || c is no if-then-else: c also runs if b fails");
  },
};

/** Says something or ends: what stands behind `||` for the case of failure. */
function isFine(node: SyntaxNode): boolean {
  if (node.type === "Pipeline") return node.prefixes.length > 0;
  return node.type === "Command" && ENDS.has(callOf(node).name ?? "");
}

function onlyAssigns(node: SyntaxNode): boolean {
  return node.type === "Command" && node.name === undefined;
}

function isTest(node: SyntaxNode): boolean {
  return node.type === "TestCommand" || (node.type === "Command" && TESTS.has(commandName(node) ?? ""));
}

function isNothing(node: SyntaxNode): boolean {
  const name = node.type === "Command" ? commandName(node) : null;
  return name === ":" || name === "true";
}

/** SC2251: under `set -e`, `! cmd` never ends the script. */
export const negated: Check = {
  Negation: (node, visit) => {
    const { path } = visit;
    const pipeline = path.at(-1);
    const statement = path.at(-2);
    const list = path.at(-3);
    if (pipeline?.type !== "Pipeline" || pipeline.prefixes[0] !== node) return;
    if (statement?.type !== "Statement" || statement.background === true) return;
    if (list?.type !== "Script" && list?.type !== "CompoundList") return;
    const last = list.commands.at(-1) === statement;
    if (!hasErrexit(visit) || !endsNothing(path, path.length - 3, last)) return;
    if (isCondition(path, path.length - 2)) return;
    report(
      visit,
      2251,
      node,
      "a command behind ! does not end the script under set -e; write && exit 1 behind it",
    );
  },
};

/** False where its status is that of the whole, at which somebody may look. */
function endsNothing(path: readonly SyntaxNode[], at: number, last: boolean): boolean {
  const holder = path[at - 1];
  switch (holder?.type) {
    case undefined:
    case "Subshell":
      return !last;
    case "CommandExpansion":
    case "CaseItem":
    case "ProcessSubstitution":
      return false;
    case "BraceGroup":
      return !last || path[at - 2]?.type !== "Function";
    default:
      return true;
  }
}

/** Whether somebody looks at the status of the node at `path[at]`: `if`, `while`, the left side of `&&`. */
export function isCondition(path: readonly SyntaxNode[], at: number): boolean {
  // of the commands of a condition, the last one decides
  let decides = true;
  for (let up = at; up > 0; up--) {
    const node = path[up] as SyntaxNode;
    const holder = path[up - 1] as SyntaxNode;
    switch (holder.type) {
      case "If":
      case "Elif":
      case "While":
        if (holder.clause === node && decides) return true;
        decides = true;
        break;
      case "AndOr":
        if (holder.commands.at(-1) !== node) return true;
        break;
      case "CompoundList":
        if (holder.commands.at(-1) !== node) decides = false;
        break;
      case "BraceGroup":
      case "Subshell":
        decides = true;
        break;
    }
  }
  return false;
}

/** SC2069: `2>&1 >file` sends errors to where output went before. */
export const redirectOrder: Check = {
  Command: judgeRedirects,
  Redirected: judgeRedirects,
};

function judgeRedirects(node: Command | Extract<SyntaxNode, { type: "Redirected" }>, visit: Visit): void {
  const { redirects } = node;
  const [first, second] = redirects;
  if (redirects.length !== 2 || first?.type !== "Redirect" || second?.type !== "Redirect") return;
  if (first.operator !== ">&" || first.descriptor?.type !== "FileDescriptor" || first.descriptor.value !== 2)
    return;
  if (literal(first.target) !== "1") return;
  if (!/^(?:>>?|&>>?|>\|)$/.test(second.operator)) return;
  for (let at = visit.path.length - 1; at >= 0; at--) {
    const holder = visit.path[at] as SyntaxNode;
    if (holder.type === "CommandExpansion" || holder.type === "ProcessSubstitution") return;
    if (holder.type === "Pipeline" && holder.commands.length > 1) {
      const inner = visit.path[at + 1] ?? node;
      if (holder.commands.at(-1) !== inner) return;
    }
  }
  report(
    visit,
    2069,
    first,
    "2>&1 before the redirection of the output sends errors to where output went until then",
  );
}
