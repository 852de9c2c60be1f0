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

const NO_WORDS: ShellWord[] = [];
const NO_NAMES: string[] = [];
const NO_REDIRECTS: readonly ShellRedirect[] = [];

/** All simple commands of a script at any depth, in order of their place. */
export function simpleCommands(script: ParsedScript, origin: Offsets): ShellCommand[] {
  const found: ShellCommand[] = [];
  let local = same;
  let depth = 0;
  let pipelines = 0;
  // of the pipeline at hand
  let pipe = 0;
  let pipes = 1;
  let pipeline = 0;
  step(script);
  return inOrder(found);

  // One function for all nodes, and its state beside it: most of a lint run is spent walking trees.
  function step(node: SyntaxNode): void {
    switch (node.type) {
      case "Literal":
      case "SingleQuoted":
      case "SimpleExpansion":
      case "Glob":
        return;
      case "Word":
        if (node.parts !== undefined) for (const part of node.parts) step(part);
        return;
      case "Command":
        found.push(simpleCommand(node));
        for (const item of node.prefix) step(item);
        if (node.name !== undefined) step(node.name);
        for (const item of node.suffix) step(item);
        return;
      case "Statement":
        if (node.command.type !== "AndOr") return alone(node.command);
        for (const command of node.command.commands) alone(command);
        return;
      case "Pipeline": {
        const outer = [pipe, pipes, pipeline] as const;
        pipes = node.commands.length;
        const own = pipeline;
        for (let at = 0; at < node.commands.length; at++) {
          pipe = at;
          pipeline = own;
          step(node.commands[at] as SyntaxNode);
        }
        [pipe, pipes, pipeline] = outer;
        return;
      }
      case "CommandExpansion":
        if (node.script === undefined) return;
        if (node.script.source === undefined) return deeper(node.script);
        return decoded(node.script, scriptOffsets(node, local));
      case "ProcessSubstitution":
      case "ArithmeticCommandExpansion":
        if (node.script !== undefined) deeper(node.script);
        return;
      case "CompoundList":
        return deeper(node);
      default:
        forEachChild(node, step);
    }
  }

  /** A command that is no part of the surrounding pipeline. */
  function alone(node: SyntaxNode): void {
    const outerPipe = pipe;
    const outerPipes = pipes;
    const outerPipeline = pipeline;
    pipe = 0;
    pipes = 1;
    pipeline = ++pipelines;
    step(node);
    pipe = outerPipe;
    pipes = outerPipes;
    pipeline = outerPipeline;
  }

  function deeper({ commands }: Pick<ParsedScript, "commands">): void {
    depth++;
    for (const command of commands) step(command);
    depth--;
  }

  function decoded(inner: ParsedScript, offsets: Offsets): void {
    const outer = local;
    local = offsets;
    deeper(inner);
    local = outer;
  }

  function simpleCommand(node: Command): ShellCommand {
    const range = inFile(node);
    const first = node.name === undefined ? null : shellWord(node.name);
    let args = NO_WORDS;
    let redirects = NO_REDIRECTS;
    for (const item of node.suffix) {
      if (item.type === "Word" || item.type === "Assignment") {
        if (args === NO_WORDS) args = [];
        args.push(argument(item));
      }
    }
    if (args.length < node.suffix.length || node.prefix.length > 0) {
      redirects = node.redirects.map(redirect);
    }
    return {
      name: first === null || !first.static ? null : withoutFolder(first.value),
      args,
      range,
      nameRange: first?.range ?? range,
      local: { start: local(node.pos), end: local(node.end) },
      assigns: node.prefix.length === 0 ? NO_NAMES : assignedNames(node),
      redirects,
      pipe,
      pipes,
      pipeline,
      depth,
    };
  }

  function argument(arg: Word | Assignment): ShellWord {
    if (arg.type === "Word") return shellWord(arg);
    const { value } = arg;
    const single = value.type === "Word" ? shellWord(value) : null;
    const head = `${arg.name}${arg.append === true ? "+=" : "="}`;
    return {
      raw: arg.text,
      value: single === null || arg.index !== undefined ? arg.text : head + single.value,
      static: single !== null && single.static && arg.index === undefined,
      range: inFile(arg),
    };
  }

  function shellWord(word: Word): ShellWord {
    const { text, parts } = word;
    return {
      raw: text,
      value: parts === undefined && !text.includes("\\") ? text : word.value,
      static: (parts === undefined || parts.every(isStatic)) && text.charCodeAt(0) !== TILDE,
      range: inFile(word),
    };
  }

  function redirect(node: Redirection): ShellRedirect {
    if (node.type === "HereDoc") return { operator: node.operator, target: null, range: inFile(node) };
    const { target } = node;
    return {
      operator: node.operator,
      target: target === undefined ? null : shellWord(target),
      range: inFile(node),
    };
  }

  /** A range in the file ends behind its last character: what follows may stand behind a continued line. */
  function inFile({ pos, end }: { pos: number; end: number }): Range {
    const start = origin(local(pos));
    return { start, end: end > pos ? origin(local(end) - 1) + 1 : start };
  }
}

const TILDE = 126;

/** Bodies of heredocs stand behind what follows them in the tree. */
function inOrder(found: ShellCommand[]): ShellCommand[] {
  for (let at = 1; at < found.length; at++) {
    if ((found[at - 1] as ShellCommand).local.start > (found[at] as ShellCommand).local.start) {
      return found.toSorted((a, b) => a.local.start - b.local.start);
    }
  }
  return found;
}

function assignedNames({ prefix }: Command): string[] {
  return prefix.flatMap((one) => (one.type === "Assignment" ? [one.name] : []));
}

function withoutFolder(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? path : path.slice(slash + 1);
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
