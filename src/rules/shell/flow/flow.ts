import {
  forEachChild,
  type Command,
  type CompoundList,
  type Function as FunctionNode,
  type ParsedScript,
  type Statement,
  type SyntaxNode,
} from "unbash";
import { arithmeticTarget } from "../arithmetic.ts";
import { expansion, literal } from "../tree.ts";
import { builtin } from "./builtins.ts";
import { assignValue, type Jumps, type Run } from "./run.ts";
import { combine, listStatus, type Status } from "./status.ts";
import { State } from "./values.ts";

/** No script that is worth it needs more; what was not reached counts as unknown. */
const MOST_STEPS = 100_000;
const MOST_ROUNDS = 8;
const MOST_CALLS = 20;
const MOST_VARIABLES = 300;

/**
 * Follows the script in the order in which it runs, over branches, loops, subshells and calls of its functions, and
 * tells for every expansion of a variable what its value can be there. Expansions that are never reached are
 * missing. Functions that nobody calls count as called at the end.
 *
 * @param initial what a variable holds before the script
 */
export function followValues(
  script: ParsedScript,
  initial: (name: string) => Status,
): ReadonlyMap<SyntaxNode, Status> {
  const run: Run = {
    seen: new Map(),
    functions: new Map(),
    defined: new Set(),
    called: new Set(),
    initial,
    integers: new Set(),
    calls: [],
    loops: [],
    left: MOST_STEPS,
  };
  const end = sequence(script.commands, new State(initial), run);
  if (end !== null) {
    for (const node of run.defined) if (!run.called.has(node)) call(node, end.copy(), run);
  }
  return run.left > 0 ? run.seen : new Map();
}

/** Runs statements; null = the end is not reached. */
function sequence(statements: readonly Statement[], start: State, run: Run): State | null {
  let state: State | null = start;
  for (const statement of statements) {
    if (state === null) return null;
    state = execute(statement, state, run);
  }
  return state;
}

function either(one: State | null, other: State | null): State | null {
  if (one === null) return other;
  if (other !== null) one.join(other);
  return one;
}

function execute(node: SyntaxNode, state: State, run: Run): State | null {
  if (--run.left <= 0 || state.size > MOST_VARIABLES) {
    run.left = 0;
    return null;
  }
  switch (node.type) {
    case "Statement":
      if (node.background !== true) return execute(node.command, state, run);
      execute(node.command, state.copy(), run);
      return state;
    case "CompoundList":
    case "Script":
      return sequence(node.commands, state, run);
    case "AndOr": {
      let now: State | null = state;
      for (const [at, command] of node.commands.entries()) {
        if (now === null) return null;
        const before: State | null = at === 0 ? null : now.copy();
        now = either(execute(command, now, run), before);
      }
      return now;
    }
    case "Pipeline":
      if (node.commands.length === 1) return execute(node.commands[0] as SyntaxNode, state, run);
      for (const command of node.commands) execute(command, state.copy(), run);
      return state;
    case "Subshell":
      execute(node.body, state.copy(), run);
      return state;
    case "Coproc":
      execute(node.body, state.copy(), run);
      state.set(node.name === undefined ? "COPROC" : node.name.text, "dirty");
      return state;
    case "BraceGroup":
      return execute(node.body, state, run);
    case "Redirected":
      for (const redirect of node.redirects) evaluate(redirect, state, run);
      return execute(node.command, state, run);
    case "Function":
      run.functions.set(node.name.text, node);
      run.defined.add(node);
      return state;
    case "If": {
      const condition = execute(node.clause, state, run);
      if (condition === null) return null;
      let rest: State | null = condition;
      let done = execute(node.then, condition.copy(), run);
      for (const { clause, then } of node.elif) {
        if (rest === null) break;
        rest = execute(clause, rest, run);
        if (rest !== null) done = either(done, execute(then, rest.copy(), run));
      }
      if (rest !== null && node.else !== undefined) rest = execute(node.else, rest, run);
      return either(rest, done);
    }
    case "While":
      return loop(state, run, {
        test: (now) => execute(node.clause, now, run),
        body: node.body,
        bind: () => {},
      });
    case "For":
    case "Select": {
      for (const word of node.wordlist ?? []) evaluate(word, state, run);
      const status = node.wordlist === undefined ? "dirty" : listStatus(node.wordlist, state);
      return loop(state, run, {
        test: (now) => now,
        body: node.body,
        bind: (now) => now.set(node.name.text, status),
      });
    }
    case "ArithmeticFor":
      if (node.initialize !== undefined) evaluate(node.initialize, state, run);
      return loop(state, run, {
        test: (now) => {
          if (node.test !== undefined) evaluate(node.test, now, run);
          return now;
        },
        body: node.body,
        bind: () => {},
        step: (now) => {
          if (node.update !== undefined) evaluate(node.update, now, run);
        },
      });
    case "Case": {
      evaluate(node.word, state, run);
      let done: State | null = null;
      let through: State | null = null;
      let total = false;
      for (const { pattern, body, terminator } of node.items) {
        for (const word of pattern) evaluate(word, state, run);
        const entry: State | null = either(state.copy(), through);
        const after: State | null = entry === null ? null : execute(body, entry, run);
        through = terminator === ";&" || terminator === ";;&" ? (after?.copy() ?? null) : null;
        if (through === null) done = either(done, after);
        if (pattern.some((word) => word.text === "*")) total = true;
      }
      done = either(done, through);
      return total ? done : either(state, done);
    }
    case "Command":
      return command(node, state, run);
    default:
      evaluate(node, state, run);
      return state;
  }
}

function loop(
  state: State,
  run: Run,
  parts: {
    test: (state: State) => State | null;
    body: CompoundList;
    bind: (state: State) => void;
    step?: (state: State) => void;
  },
): State | null {
  const jumps: Jumps = { breaks: [], continues: [] };
  run.loops.push(jumps);
  let entry: State = state;
  let out: State | null = null;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const tested = parts.test(entry.copy());
    if (tested === null) break;
    out = tested.copy();
    parts.bind(tested);
    let after = execute(parts.body, tested, run);
    for (const early of jumps.continues.splice(0)) after = either(after, early);
    if (after === null) break;
    parts.step?.(after);
    entry = entry.copy();
    if (!entry.join(after)) break;
  }
  run.loops.pop();
  for (const early of jumps.breaks) out = either(out, early);
  return out;
}

/** Notes what is known of the variables in a word, and does what expanding it does. */
function evaluate(node: SyntaxNode, state: State, run: Run): void {
  if (--run.left <= 0) return;
  switch (node.type) {
    case "Literal":
    case "SingleQuoted":
      return;
    case "SimpleExpansion":
    case "ParameterExpansion": {
      see(node, state.get(expansion(node).name), run);
      // `${x:=y}` keeps what x had, or gives it what nobody knows: neither makes it a word
      if (node.type === "ParameterExpansion") forEachChild(node, (child) => evaluate(child, state, run));
      return;
    }
    case "CommandExpansion":
    case "ProcessSubstitution":
      if (node.script !== undefined) execute(node.script, state.copy(), run);
      return;
    case "ArithmeticBinary":
    case "ArithmeticUnary":
      forEachChild(node, (child) => evaluate(child, state, run));
      for (const name of arithmeticTarget(node)) state.set(name, "clean");
      return;
    case "Redirect":
      if (node.descriptor?.type === "FileDescriptorVariable") state.set(node.descriptor.name, "clean");
      if (node.target !== undefined) evaluate(node.target, state, run);
      return;
    default:
      forEachChild(node, (child) => evaluate(child, state, run));
  }
}

function see(node: SyntaxNode, status: Status, run: Run): void {
  const before = run.seen.get(node);
  run.seen.set(node, before === undefined ? status : combine(before, status));
}

function command(node: Command, state: State, run: Run): State | null {
  for (const prefix of node.prefix) {
    evaluate(prefix, state, run);
    // without a name, each assignment already sees the one before
    if (node.name === undefined && prefix.type === "Assignment") assignValue(prefix, state, state, run);
  }
  if (node.name !== undefined) evaluate(node.name, state, run);
  for (const word of node.suffix) evaluate(word, state, run);
  const name = literal(node.name);
  if (name === null) return state;
  const own = run.functions.get(name);
  if (own !== undefined) {
    for (const prefix of node.prefix)
      if (prefix.type === "Assignment") assignValue(prefix, state, state, run);
    return call(own, state, run);
  }
  return builtin(name, node, state, run);
}

function call(node: FunctionNode, state: State, run: Run): State | null {
  if (run.calls.length >= MOST_CALLS || run.calls.some((one) => one.node === node)) return state;
  run.called.add(node);
  const frame = { node, returns: [] as State[], hidden: new Map<string, Status>() };
  run.calls.push(frame);
  let end = execute(node.body, state, run);
  run.calls.pop();
  for (const early of frame.returns) end = either(end, early);
  if (end !== null) for (const [name, status] of frame.hidden) end.set(name, status);
  return end;
}
