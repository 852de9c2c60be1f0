import {
  forEachChild,
  type Assignment,
  type Command,
  type ParsedScript,
  type Redirection,
  type SyntaxNode,
  type Word,
  type WordPart,
} from "unbash";
import type { ShellCommand, ShellRedirect, ShellWord } from "#model/evidence/shell.ts";
import type { Range } from "#model/text.ts";
import { same, scriptOffsets, type Offsets } from "./offsets.ts";

const NONE: readonly never[] = [];
const FOLDER = /^.*\//s;

interface Walk {
  origin: Offsets;
  /** Offsets of the tree at hand in the body's text. */
  local: Offsets;
  depth: number;
  pipe: number;
  pipes: number;
  pipeline: number;
  found: ShellCommand[];
  /** Pipelines so far. */
  count: { pipelines: number };
}

/** All simple commands of a script at any depth, in order of their place. */
export function simpleCommands(script: ParsedScript, origin: Offsets): ShellCommand[] {
  const found: ShellCommand[] = [];
  const count = { pipelines: 0 };
  walk(script, { origin, local: same, depth: 0, pipe: 0, pipes: 1, pipeline: 0, found, count });
  // bodies of heredocs stand behind what follows them in the tree
  for (let at = 1; at < found.length; at++) {
    if ((found[at - 1] as ShellCommand).local.start > (found[at] as ShellCommand).local.start) {
      return found.toSorted((a, b) => a.local.start - b.local.start);
    }
  }
  return found;
}

function walk(node: SyntaxNode, at: Walk): void {
  switch (node.type) {
    case "Command":
      at.found.push(simpleCommand(node, at));
      forEachChild(node, (child) => walk(child, at));
      return;
    case "Pipeline": {
      const pipeline = ++at.count.pipelines;
      const pipes = node.commands.length;
      for (const [pipe, command] of node.commands.entries()) walk(command, { ...at, pipe, pipes, pipeline });
      return;
    }
    case "AndOr":
    case "Script":
      for (const command of node.commands) walk(command, at);
      return;
    case "Statement": {
      if (node.command.type === "AndOr") {
        for (const command of node.command.commands) walk(command, alone(at));
      } else walk(node.command, alone(at));
      return;
    }
    case "CommandExpansion":
      if (node.script !== undefined) {
        walk(node.script, { ...alone(at), depth: at.depth + 1, local: scriptOffsets(node, at.local) });
      }
      return;
    case "ProcessSubstitution":
    case "ArithmeticCommandExpansion":
      if (node.script !== undefined) walk(node.script, { ...alone(at), depth: at.depth + 1 });
      return;
    case "CompoundList": {
      const inner = { ...at, depth: at.depth + 1 };
      for (const command of node.commands) walk(command, inner);
      return;
    }
    case "Literal":
    case "SingleQuoted":
    case "SimpleExpansion":
      return;
    default:
      forEachChild(node, (child) => walk(child, at));
  }
}

/** A command that is no part of the surrounding pipeline. */
function alone(at: Walk): Walk {
  return { ...at, pipe: 0, pipes: 1, pipeline: ++at.count.pipelines };
}

function simpleCommand(node: Command, at: Walk): ShellCommand {
  const local = { start: at.local(node.pos), end: at.local(node.end) };
  const range = inFile(node, at);
  const first = node.name === undefined ? null : shellWord(node.name, at);
  const redirects = node.redirects;
  return {
    name: first === null || !first.static ? null : first.value.replace(FOLDER, ""),
    args:
      node.args.length === 0 ? (NONE as unknown as ShellWord[]) : node.args.map((arg) => argument(arg, at)),
    range,
    nameRange: first?.range ?? range,
    local,
    assigns: node.prefix.filter((one) => one.type === "Assignment").map(({ name }) => name),
    redirects: redirects.length === 0 ? NONE : redirects.map((one) => redirect(one, at)),
    pipe: at.pipe,
    pipes: at.pipes,
    pipeline: at.pipeline,
    depth: at.depth,
  };
}

function argument(arg: Word | Assignment, at: Walk): ShellWord {
  if (arg.type === "Word") return shellWord(arg, at);
  const { value } = arg;
  const single = value.type === "Word" ? shellWord(value, at) : null;
  const head = `${arg.name}${arg.append === true ? "+=" : "="}`;
  return {
    raw: arg.text,
    value: single === null || arg.index !== undefined ? arg.text : head + single.value,
    static: single !== null && single.static && arg.index === undefined,
    range: inFile(arg, at),
  };
}

function shellWord(word: Word, at: Walk): ShellWord {
  const { parts } = word;
  return {
    raw: word.text,
    value: word.value,
    static: (parts === undefined || parts.every(isStatic)) && !word.text.startsWith("~"),
    range: inFile(word, at),
  };
}

function isStatic(part: WordPart): boolean {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return true;
    case "DoubleQuoted":
    case "LocaleString":
      return part.parts.every(({ type }) => type === "Literal");
    default:
      return false;
  }
}

function redirect(node: Redirection, at: Walk): ShellRedirect {
  if (node.type === "HereDoc") return { operator: node.operator, target: null, range: inFile(node, at) };
  const { target } = node;
  return {
    operator: node.operator,
    target: target === undefined ? null : shellWord(target, at),
    range: inFile(node, at),
  };
}

/** A range in the file ends behind its last character: what follows may stand behind a continued line. */
function inFile(node: { pos: number; end: number }, { origin, local }: Walk): Range {
  const start = origin(local(node.pos));
  return { start, end: node.end > node.pos ? origin(local(node.end) - 1) + 1 : start };
}
