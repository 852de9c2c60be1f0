import type { Command, ParameterExpansionPart, SimpleExpansionPart, SyntaxNode } from "unbash";
import { arithmeticTarget } from "../arithmetic.ts";
import { callOf } from "../calls.ts";
import { expansion, literal, type Span } from "../tree.ts";
import { parentOf, report, slot, type Check, type Visit } from "../visit.ts";

interface Names {
  assigned: Set<string>;
  /** Asked for before it is used: `[ -n "$x" ]`, `${x:-…}`. */
  guarded: Set<string>;
  /** First place of each, with what a report needs; null where a use first stands in what does not count. */
  used: Map<string, (Pick<Visit, "source" | "local"> & { at: Span }) | null>;
}

const state = slot<Names>(() => ({ assigned: new Set(), guarded: new Set(), used: new Map() }));
const NAME = /^[A-Za-z_]\w*$/;
/** Only names with a small letter: others come from the environment by convention. */
const OWN = /[a-z]/;
const FROM_SHELL = new Set(["rest", "histchars", "auto_resume"]);
const IN_TEXT = /(?<!\\)\$\{?([A-Za-z_]\w*)/g;
/** Commands that assign the variables in their arguments. */
const ASSIGNS = new Set([
  "declare",
  "export",
  "getopts",
  "local",
  "mapfile",
  "read",
  "readarray",
  "readonly",
  "typeset",
]);

/** Flags of read that take the next argument: bash(1). */
const TAKES_VALUE = /^-[a-z]*[ptnNdiu]$/;

/** SC2154: variables that nobody assigns. */
export const variables: Check = {
  SimpleExpansion: use,
  ParameterExpansion: use,
  ArithmeticWord: (node, visit) => {
    const name = /^(?:\$\{?)?([A-Za-z_]\w*)/.exec(node.value)?.[1];
    if (name !== undefined && node.parts === undefined) note(visit, name, node);
  },
  ArithmeticBinary: (node, visit) => {
    for (const name of arithmeticTarget(node)) assigned(visit, name);
  },
  ArithmeticUnary: (node, visit) => {
    for (const name of arithmeticTarget(node)) assigned(visit, name);
  },
  TestBinary: ({ operator, left, right }, visit) => {
    if (!/^-(?:eq|ne|lt|le|gt|ge)$/.test(operator)) return;
    for (const word of [left, right]) {
      const name = literal(word);
      if (name !== null && NAME.test(name)) note(visit, name, word);
    }
  },
  For: ({ name }, visit) => assigned(visit, name.text),
  Select: ({ name }, visit) => assigned(visit, name.text),
  Coproc: ({ name }, visit) => assigned(visit, name?.text ?? "COPROC"),
  FileDescriptorVariable: ({ name }, visit) => assigned(visit, name),
  Command: command,
  end: (visit) => {
    const names = state(visit);
    for (const [name, first] of names.used) {
      if (first === null) continue;
      const { at, source, local } = first;
      if (names.assigned.has(name) || names.guarded.has(name) || visit.body.variables.has(name)) continue;
      report({ ...visit, source, local }, 2154, at, `${name} is used, and nothing here gives it a value`);
    }
  },
};

function assigned(visit: Visit, name: string): void {
  state(visit).assigned.add(name);
}

function note(visit: Visit, name: string, at: Span): void {
  const names = state(visit);
  if (names.used.has(name) || !OWN.test(name) || FROM_SHELL.has(name)) return;
  names.used.set(name, { at, source: visit.source, local: visit.local });
}

function use(node: SimpleExpansionPart | ParameterExpansionPart, visit: Visit): void {
  const { name, operator } = expansion(node);
  if (!NAME.test(name)) return;
  if (node.type === "ParameterExpansion") {
    const { operation } = node;
    if (operation?.type === "Names") return;
    if (operation?.type === "Default" && operator !== "") {
      state(visit).guarded.add(name);
      return;
    }
  }
  if (isAskedFor(visit)) state(visit).guarded.add(name);
  else if (isWithinValue(visit)) {
    const { used } = state(visit);
    if (!used.has(name)) used.set(name, null);
  } else note(visit, name, node);
}

/** Operands of other expansions and elements of arrays, which ShellCheck does not count. */
function isWithinValue({ path }: Visit): boolean {
  for (let at = path.length - 1; at >= 0; at--) {
    const { type } = path[at] as SyntaxNode;
    if (type === "ParameterExpansion" || type === "ArrayValue") return true;
    if (type === "Command" || type === "Script") return false;
  }
  return false;
}

/** Within `[ "$x" ]`, `[ -n "$x" ]`, `[ -z "$x" ]`, `[[ -n $x ]]`. */
function isAskedFor(visit: Visit): boolean {
  let up = 0;
  let parent = parentOf(visit, up);
  while (parent !== undefined && (parent.type === "DoubleQuoted" || parent.type === "Word")) {
    const holder = parentOf(visit, up + 1);
    if (parent.type === "Word") {
      if (holder?.type === "TestUnary") return holder.operator === "-n" || holder.operator === "-z";
      if (holder?.type === "Command" && holder.name?.text === "[") return isTested(holder, parent);
    }
    parent = parentOf(visit, ++up);
  }
  return false;
}

/** Nobody tests more at once; all that is looked at is looked at again for each operand. */
const MOST_OPERANDS = 64;
const BETWEEN = new Set(["[", "!", "-a", "-o", "(", "&&", "||"]);

/** True of an operand that stands alone, or behind -n or -z. */
function isTested(command: Command, word: SyntaxNode): boolean {
  if (command.args.length > MOST_OPERANDS) return false;
  const at = command.args.findIndex((arg) => arg === word);
  const before = at <= 0 ? "[" : (command.args[at - 1]?.text ?? "");
  const next = command.args[at + 1]?.pos ?? command.end;
  if (command.redirects.some(({ pos }) => pos > word.pos && pos < next)) return false; // `[ "$x" < y ]`
  if (before === "-n" || before === "-z") return true;
  const after = command.args[at + 1]?.text ?? "]";
  return BETWEEN.has(before) && (after === "]" || after === "-a" || after === "-o" || after === ")");
}

function command(node: Command, visit: Visit): void {
  if (node.name === undefined) {
    for (const item of node.prefix) if (item.type === "Assignment") assigned(visit, item.name);
    return;
  }
  const { name, args } = callOf(node);
  if (name === null) return;
  if (name === "[" && args[0]?.text === "-v") state(visit).guarded.add(args[1]?.text ?? "");
  if (ASSIGNS.has(name)) {
    for (const [at, { node: arg, text }] of args.entries()) {
      if (name === "read" && TAKES_VALUE.test(args[at - 1]?.text ?? "")) continue;
      if (arg.type === "Assignment") assigned(visit, arg.name);
      else if (text !== null && NAME.test(text)) assigned(visit, text);
    }
  } else if (name === "printf" && args[0]?.text === "-v") assigned(visit, args[1]?.text ?? "");
  else if (name === "wait" && args[0]?.text === "-p") assigned(visit, args[1]?.text ?? "");
  else if (name === "let") {
    for (const { text } of args) {
      const target = /^\s*([A-Za-z_]\w*)\s*(?:[-+*/%&|^]?=|\+\+|--)/.exec(text ?? "")?.[1];
      if (target !== undefined) assigned(visit, target);
    }
  } else if (name === "declare" && args[0]?.text === "-p") {
    // only printed
  } else if (name === "trap" || name === "alias") {
    for (const arg of args)
      for (const [, found] of (arg.text ?? "").matchAll(IN_TEXT)) note(visit, found ?? "", arg);
  }
}
