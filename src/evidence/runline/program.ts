import type { ShellCommand, ShellWord } from "#model/evidence/shell.ts";
import type { Range } from "#model/text.ts";
import { unwrap } from "../shell/unwrap.ts";
import type { Engine } from "./draft.ts";
import { isGlobalWithValue } from "./options.ts";

/** A command that starts a container. */
export interface RunProgram {
  engine: Engine;
  /** From the program to the end of its last word, in the file. */
  range: Range;
  /** Words behind `run` or `create`. */
  words: readonly ShellWord[];
}

const PROGRAMS: Readonly<Record<string, Engine>> = {
  docker: "docker",
  "docker.exe": "docker",
  "docker.io": "docker",
  podman: "podman",
  "podman-remote": "podman",
  nerdctl: "nerdctl",
  "nerdctl.lima": "nerdctl",
};

/** A program in a variable: `$DOCKER run`, `${CONTAINER_ENGINE} run`, `$(DOCKER) run` of a Makefile. */
const IN_VARIABLE = /^"?\$[({]?\w*(?:docker|podman|nerdctl|container|engine|runtime|oci)\w*[^\s]*$/i;

/**
 * The command, without sudo and other wrappers, if it is one that starts a container; else null. A program in a
 * variable is taken for Docker where its name says that it is an engine.
 *
 * @param written the command's name as it stands in the file
 */
export function runProgram(command: ShellCommand, written: (range: Range) => string): RunProgram | null {
  const inner = command.name === null ? command : unwrap(command);
  const engine = engineOf(inner, written);
  if (engine === null) return null;
  const { args } = inner;
  let at = 0;
  for (; at < args.length; at += 1) {
    const { value } = args[at] as ShellWord;
    if (!value.startsWith("-")) break;
    if (isGlobalWithValue(value)) at += 1;
  }
  if (args[at]?.value === "container") at += 1;
  const verb = args[at]?.value;
  if (verb !== "run" && verb !== "create") return null;
  const words = args.slice(at + 1);
  const end = (words.at(-1) ?? (args[at] as ShellWord)).range.end;
  return { engine, range: { start: inner.nameRange.start, end }, words };
}

function engineOf({ name, nameRange }: ShellCommand, written: (range: Range) => string): Engine | null {
  if (name !== null) return Object.hasOwn(PROGRAMS, name) ? (PROGRAMS[name] ?? null) : null;
  const raw = written(nameRange);
  if (raw.length > 200 || !IN_VARIABLE.test(raw)) return null;
  if (/podman/i.test(raw)) return "podman";
  return /nerdctl/i.test(raw) ? "nerdctl" : "docker";
}

/** Words that no shell looks at, as a command: the arguments of a unit file, or of a process. */
export function plainCommand(words: readonly ShellWord[]): ShellCommand | null {
  const [first, ...args] = words;
  if (first === undefined) return null;
  const range = { start: first.range.start, end: (args.at(-1) ?? first).range.end };
  return {
    name: first.static ? first.value.replace(/^.*[\\/]/s, "") : null,
    args,
    range,
    nameRange: first.range,
    local: range,
    assigns: [],
    redirects: [],
    pipe: 0,
    pipes: 1,
    pipeline: 0,
    depth: 0,
  };
}
