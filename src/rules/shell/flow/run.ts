import type { Assignment, Function as FunctionNode, SyntaxNode } from "unbash";
import { combine, type Status, wordStatus } from "./status.ts";
import type { State } from "./values.ts";

/** Where a jump leads. */
export interface Jumps {
  breaks: State[];
  continues: State[];
}

/** What is kept while a script is followed. */
export interface Run {
  /** What was known of a variable each time it was expanded, put together. */
  readonly seen: Map<SyntaxNode, Status>;
  readonly functions: Map<string, FunctionNode>;
  /** All of them, also those of one name. */
  readonly defined: Set<FunctionNode>;
  /** Functions that were run. */
  readonly called: Set<FunctionNode>;
  readonly initial: (name: string) => Status;
  readonly integers: Set<string>;
  /** Functions at hand, innermost last: states at their `return`, and what `local` hid. */
  readonly calls: { node: FunctionNode; returns: State[]; hidden: Map<string, Status> }[];
  readonly loops: Jumps[];
  /** Nodes that may still be looked at. */
  left: number;
}

/** Gives a variable a value; one that is declared as a number stays one. */
export function assign(name: string, status: Status, state: State, run: Run): void {
  state.set(name, run.integers.has(name) ? "clean" : status);
}

/** Does an assignment. `values` are those that its value is expanded with. */
export function assignValue(node: Assignment, values: State, state: State, run: Run): void {
  const { value, append, index, name } = node;
  if (value.type !== "Word" || index !== undefined) return assign(name, "dirty", state, run);
  const status = wordStatus(value, values);
  assign(name, append === true ? combine(values.get(name), status) : status, state, run);
}
