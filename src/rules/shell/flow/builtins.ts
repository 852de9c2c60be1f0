import type { Assignment, Command, Word } from "unbash";
import { argumentText, literal } from "../tree.ts";
import { assign, assignValue, type Run } from "./run.ts";
import type { State } from "./values.ts";

const DECLARES = new Set(["export", "readonly", "declare", "typeset", "local"]);

/** What a command does to the variables, and where it leads; null = what follows is not reached. */
export function builtin(name: string, node: Command, state: State, run: Run): State | null {
  const { args } = node;
  if (DECLARES.has(name)) {
    declare(name, args, state, run);
    return state;
  }
  switch (name) {
    case "exit":
      return null;
    case "return": {
      const frame = run.calls.at(-1);
      frame?.returns.push(state);
      return null;
    }
    case "break":
    case "continue": {
      const depth = Number(args[0] === undefined ? 1 : argumentText(args[0])) || 1;
      const jumps = run.loops.at(-depth) ?? run.loops[0];
      if (jumps === undefined) return state;
      (name === "break" ? jumps.breaks : jumps.continues).push(state);
      return null;
    }
    case "let":
      for (const word of args) {
        const target = /^[A-Za-z_]\w*(?==|[-+*/%&|^]=|\+\+|--)/.exec(word.text)?.[0];
        if (target !== undefined) state.set(target, "clean");
      }
      return state;
    case "wait":
      if (args[0]?.text === "-p" && args[1] !== undefined) state.set(args[1].text, "clean");
      return state;
    case "read":
    case "mapfile":
    case "readarray":
    case "getopts":
    case "printf":
    case "unset":
      for (const word of written(name, args)) assign(word, name === "unset" ? "empty" : "dirty", state, run);
      return state;
    default:
      return state;
  }
}

/** Names that a builtin writes to. */
function written(name: string, args: readonly (Word | Assignment)[]): string[] {
  const texts = args.map(argumentText);
  if (name === "printf") return texts[0] === "-v" && texts[1] != null ? [texts[1]] : [];
  const names = texts.filter((text): text is string => text !== null && /^[A-Za-z_]\w*$/.test(text));
  return name === "getopts" ? [...names.slice(-1), "OPTARG"] : names;
}

function declare(name: string, args: readonly (Word | Assignment)[], state: State, run: Run): void {
  const before = state.copy();
  const frame = name === "export" || name === "readonly" ? undefined : run.calls.at(-1);
  let integer = false;
  for (const arg of args) {
    const text = arg.type === "Word" ? literal(arg) : null;
    if (text !== null && /^[-+]/.test(text)) {
      if (text.startsWith("-") && text.includes("i")) integer = true;
      continue;
    }
    const target = arg.type === "Assignment" ? arg.name : text;
    if (target === null) continue;
    if (frame !== undefined && !frame.hidden.has(target)) frame.hidden.set(target, before.get(target));
    if (integer) {
      run.integers.add(target);
      state.set(target, "clean");
    } else if (arg.type === "Assignment") assignValue(arg, before, state, run);
    else if (name !== "export" && name !== "readonly") assign(target, "empty", state, run);
  }
}
