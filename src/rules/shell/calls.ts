import type { Assignment, Command, Word } from "unbash";
import { argumentText, flat, literal } from "./tree.ts";
import type { Check, Visit } from "./visit.ts";

/** An argument of a command with what it holds. */
export interface Argument {
  node: Word | Assignment;
  pos: number;
  end: number;
  /** Null if something in it is expanded. */
  text: string | null;
}

/** A command as it runs, seen through `command`, `exec`, `builtin` and `busybox`. */
export interface Call {
  node: Command;
  /** Without folder; null if it is computed. */
  name: string | null;
  nameWord: Word | Assignment | undefined;
  /** Behind the name. */
  args: readonly Argument[];
}

const FOLDER = /^.*\//s;
/** Flags of the ones that are seen through; those that take a value, and those with which nothing runs. */
const THROUGH: Readonly<Record<string, { values: string; asks: string }>> = {
  command: { values: "", asks: "vV" },
  exec: { values: "a", asks: "" },
  builtin: { values: "", asks: "" },
  busybox: { values: "", asks: "" },
};

let last: Call | undefined;

/** Reads a command for the checks that know its program. */
export function callOf(node: Command): Call {
  if (last?.node !== node) last = read(node); // check after check asks for the same
  return last;
}

function read(node: Command): Call {
  const args = node.args.map(argument);
  const text = literal(node.name);
  let name = text === null ? null : text.replace(FOLDER, "");
  let nameWord: Word | Assignment | undefined = node.name;
  let from = 0;
  for (let depth = 0; depth < 4 && name !== null; depth++) {
    const through = Object.hasOwn(THROUGH, name) ? THROUGH[name] : undefined;
    if (through === undefined) break;
    let at = from;
    while (args[at]?.text?.startsWith("-") === true) {
      const flag = (args[at] as Argument).text ?? "";
      if ([...through.asks].some((letter) => flag.includes(letter))) return { node, name, nameWord, args };
      at += [...through.values].some((letter) => flag.endsWith(letter)) ? 2 : 1;
    }
    const inner = args[at];
    if (inner === undefined) break;
    nameWord = inner.node;
    name = inner.text === null ? null : inner.text.replace(FOLDER, "");
    from = at + 1;
  }
  return { node, name, nameWord, args: from === 0 ? args : args.slice(from) };
}

function argument(node: Word | Assignment): Argument {
  return { node, pos: node.pos, end: node.end, text: argumentText(node) };
}

/** The text of an argument, with every expansion as `${VAR}`. */
export function flatOf({ node, text }: Argument): string {
  return text ?? flatArgument(node);
}

function flatArgument(node: Word | Assignment): string {
  if (node.type === "Word") return flat(node);
  return node.value.type === "Word" ? `${node.name}=${flat(node.value)}` : node.text;
}

/** Flags before `--`, short ones split, long ones without dashes and value; each with its argument. */
export function flagsOf({ args }: Pick<Call, "args">): { name: string; at: Argument }[] {
  const found: { name: string; at: Argument }[] = [];
  for (const at of args) {
    const text = flatOf(at);
    if (text === "--") break;
    if (text.startsWith("--")) found.push({ name: text.slice(2).replace(/=.*$/s, ""), at });
    else if (text.startsWith("-")) for (const name of text.slice(1)) found.push({ name, at });
  }
  return found;
}

/** Whether one of the flags is given. */
export function hasFlag(call: Pick<Call, "args">, ...names: string[]): boolean {
  return flagsOf(call).some(({ name }) => names.includes(name));
}

/** A check of the commands with some name. */
export type CallCheck = (call: Call, visit: Visit) => void;

/** Makes one check of tables of checks by the name of the command; `*` is run for all. */
export function callChecks(...tables: Readonly<Record<string, CallCheck>>[]): Check {
  const byName = new Map<string, CallCheck[]>();
  for (const table of tables) {
    for (const [name, check] of Object.entries(table)) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [check]);
      else known.push(check);
    }
  }
  const always = byName.get("*") ?? [];
  return {
    Command: (node, visit) => {
      if (node.name === undefined) return;
      const call = callOf(node);
      for (const check of always) check(call, visit);
      if (call.name === null || call.name === "*") return;
      const own = byName.get(call.name);
      if (own !== undefined) for (const check of own) check(call, visit);
    },
  };
}
