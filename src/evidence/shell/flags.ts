import type { ShellCommand, ShellWord } from "#model/evidence/shell.ts";

/** What the flag helpers look at: a command, or one that was unwrapped. */
export type Flagged = Pick<ShellCommand, "args">;

const LETTERS = /^-[A-Za-z0-9?]+/;

/**
 * Names of all flags before `--`: short ones split (`-yq` → `y`, `q`), long ones without dashes and value
 * (`--target-release=sid` → `target-release`). A value glued to a short flag (`-oX`) cannot be told from flags.
 */
export function flagNames({ args }: Flagged): string[] {
  const names: string[] = [];
  for (const { value } of args) {
    if (value === "--") break;
    if (!value.startsWith("-")) continue;
    if (value.startsWith("--")) names.push(longName(value));
    else names.push(...(LETTERS.exec(value)?.[0].slice(1) ?? ""));
  }
  return names;
}

/** Whether one of the flags is given: `hasFlag(command, "y", "yes", "assume-yes")`. */
export function hasFlag(command: Flagged, ...names: string[]): boolean {
  const given = flagNames(command);
  return names.some((name) => given.includes(name));
}

/**
 * Value of a flag, the last one if it is given often (as getopt_long(3) callers do): `--name=value`,
 * `--name value`, `-n value`, `-nvalue`. null if the flag or its value is missing.
 */
export function flagValue({ args }: Flagged, name: string): string | null {
  let found: string | null = null;
  for (const [at, { value }] of args.entries()) {
    if (value === "--") break;
    if (name.length > 1) {
      if (value === `--${name}`) found = args[at + 1]?.value ?? found;
      else if (value.startsWith(`--${name}=`)) found = value.slice(name.length + 3);
      continue;
    }
    const letters = shortFlags(value);
    const place = letters.indexOf(name);
    if (place === -1) continue;
    const rest = value.slice(place + 2);
    found = rest === "" ? (args[at + 1]?.value ?? found) : rest;
  }
  return found;
}

/**
 * Arguments that are neither flags nor values of flags; behind `--` everything is an operand, `-` alone is one.
 *
 * @param valueFlags names of flags that take the next argument as value: `["o", "option", "t"]`
 */
export function operands({ args }: Flagged, valueFlags: Iterable<string> = []): ShellWord[] {
  const takers = valueFlags instanceof Set ? (valueFlags as Set<string>) : new Set(valueFlags);
  const found: ShellWord[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as ShellWord;
    const { value } = arg;
    if (value === "--") return [...found, ...args.slice(at + 1)];
    if (value === "-" || !value.startsWith("-")) found.push(arg);
    else if (takesNext(value, takers)) at++;
  }
  return found;
}

function takesNext(value: string, takers: ReadonlySet<string>): boolean {
  if (value.startsWith("--")) return !value.includes("=") && takers.has(longName(value));
  const letters = shortFlags(value);
  // the first letter that takes a value takes what is glued to it, else the next argument
  for (const [at, letter] of [...letters].entries()) {
    if (takers.has(letter)) return at === value.length - 2;
  }
  return takers.has(value.slice(1)); // `-mod value` of Go programs
}

function longName(value: string): string {
  const end = value.indexOf("=");
  return value.slice(2, end === -1 ? undefined : end);
}

function shortFlags(value: string): string {
  return value.startsWith("-") && !value.startsWith("--") ? (LETTERS.exec(value)?.[0].slice(1) ?? "") : "";
}
