import { combine, type Status, type Values } from "./status.ts";

/** Values of the variables at one point; a branch works on a copy. */
export class State implements Values {
  readonly #values: Map<string, Status>;
  readonly #initial: (name: string) => Status;

  constructor(initial: (name: string) => Status, values: Map<string, Status> = new Map()) {
    this.#initial = initial;
    this.#values = values;
  }

  get(name: string): Status {
    return this.#values.get(name) ?? this.#initial(name);
  }

  set(name: string, status: Status): void {
    this.#values.set(name, status);
  }

  copy(): State {
    return new State(this.#initial, new Map(this.#values));
  }

  /** Number of variables that were set. */
  get size(): number {
    return this.#values.size;
  }

  /** What holds after one of two ways. True if it differs from what held in this one before. */
  join(other: State): boolean {
    let changed = false;
    for (const name of new Set([...this.#values.keys(), ...other.#values.keys()])) {
      const before = this.get(name);
      const after = combine(before, other.get(name));
      if (after === before && this.#values.has(name)) continue;
      if (after !== before) changed = true;
      this.#values.set(name, after);
    }
    return changed;
  }
}
