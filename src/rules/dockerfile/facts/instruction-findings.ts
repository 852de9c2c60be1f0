import type { Range } from "#model/text.ts";
import { fail, type Judgement } from "../../rule.ts";

/** A fault in a Dockerfile, before it is told apart from equal ones. */
export interface Fault extends Omit<Judgement, "verdict" | "evidence"> {
  range: Range;
  /** What is at fault, without line numbers: `build COPY a b`. */
  key: string;
}

/** Judgements of faults, in the order of the file; where several have one key, all but the first get a number. */
export function failures(faults: readonly Fault[]): Judgement[] {
  if (faults.length === 0) return [];
  const times = new Map<string, number>();
  return faults.map(({ message, key, ...more }) => {
    const short = key.slice(0, 200);
    const time = (times.get(short) ?? 0) + 1;
    times.set(short, time);
    return fail(message, [], { ...more, key: time === 1 ? short : `${short} #${time}` });
  });
}

/** A text for a message: bounded, and in one line. */
export function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}

/** Names for a message: `a, b and c`; what is over eight is counted. */
export function listed(names: readonly string[]): string {
  const few = names.slice(0, 8).map(shown);
  if (names.length > few.length) return `${few.join(", ")} and ${names.length - few.length} more`;
  const last = few.at(-1) ?? "";
  return few.length < 2 ? last : `${few.slice(0, -1).join(", ")} and ${last}`;
}
