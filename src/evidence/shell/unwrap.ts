import type { ShellCommand, ShellWord } from "#model/evidence/shell.ts";

/** A program that runs the command in its arguments. */
interface Wrapper {
  /** Flags that take the next argument as value. */
  values?: readonly string[];
  /** `NAME=value` may stand before the command. */
  assigns?: boolean;
  /** Operands before the command: the duration of timeout(1), the user of gosu. */
  operands?: number;
  /** Flags with which it runs nothing: `command -v`. */
  asks?: readonly string[];
}

// sudo(8), env(1), nohup(1), nice(1), timeout(1), stdbuf(1), ionice(1), setsid(1); POSIX XCU 2.14 for exec and command
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  sudo: {
    values: [
      "u",
      "user",
      "g",
      "group",
      "h",
      "host",
      "p",
      "prompt",
      "C",
      "close-from",
      "D",
      "chdir",
      "R",
      "chroot",
      "T",
      "U",
      "r",
      "t",
    ],
    assigns: true,
    asks: ["l", "list", "e", "edit", "v", "validate", "V", "version"],
  },
  doas: { values: ["u", "C"] },
  env: { values: ["u", "unset", "C", "chdir"], assigns: true, asks: ["S", "split-string"] },
  exec: { values: ["a"] },
  command: { asks: ["v", "V"] },
  builtin: {},
  time: { values: ["f", "format", "o", "output"] },
  nohup: {},
  nice: { values: ["n", "adjustment"] },
  ionice: { values: ["c", "class", "n", "classdata"], asks: ["p", "pid"] },
  timeout: { values: ["k", "kill-after", "s", "signal"], operands: 1 },
  stdbuf: { values: ["i", "input", "o", "output", "e", "error"] },
  setsid: {},
  eatmydata: {},
  gosu: { operands: 1 },
  "su-exec": { operands: 1 },
};
const ASSIGNMENT = /^[A-Za-z_]\w*=/;
const MOST = 8; // `sudo env nice time …`: nobody nests deeper

/**
 * The command that a wrapper (`sudo -u x`, `env A=1`, `exec`, `time`, `nohup`, `command`, …) runs, wrappers within
 * wrappers too; the command itself where it is no wrapper or runs nothing. Ranges are those of the inner command.
 */
export function unwrap(command: ShellCommand): ShellCommand {
  let inner = command;
  for (let depth = 0; depth < MOST; depth++) {
    const next = unwrapOnce(inner);
    if (next === null) return inner;
    inner = next;
  }
  return inner;
}

function unwrapOnce(command: ShellCommand): ShellCommand | null {
  const { name, args } = command;
  const wrapper = name !== null && Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
  if (wrapper === undefined) return null;
  const { values = [], assigns = false, asks = [] } = wrapper;
  let { operands = 0 } = wrapper;
  const set: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] as ShellWord;
    const { value } = word;
    if (value === "--" && operands === 0) return of(command, args, at + 1, set);
    if (value.startsWith("-") && value.length > 1) {
      const long = value.startsWith("--");
      const letter = long ? value.slice(2).replace(/=.*$/s, "") : value.at(-1);
      if (asks.some((one) => (long ? one === letter : one.length === 1 && value.includes(one)))) return null;
      if (letter !== undefined && values.includes(letter) && !value.includes("=")) at++;
    } else if (assigns && ASSIGNMENT.test(value)) {
      set.push(value.slice(0, value.indexOf("=")));
    } else if (operands > 0) operands--;
    else return of(command, args, at, set);
  }
  return null;
}

function of(command: ShellCommand, args: ShellWord[], at: number, set: string[]): ShellCommand | null {
  const word = args[at];
  if (word === undefined) return null;
  return {
    ...command,
    name: word.static ? word.value.replace(/^.*\//s, "") : null,
    nameRange: word.range,
    range: { start: word.range.start, end: command.range.end },
    args: args.slice(at + 1),
    assigns: [...command.assigns, ...set],
  };
}
