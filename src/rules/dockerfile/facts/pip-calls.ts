import type { Dockerfile } from "#model/evidence/dockerfile.ts";
import type { ShellWord } from "#model/evidence/shell.ts";
import { operands } from "#evidence/shell/flags.ts";
import { buildCalls, buildPrograms, type Call, type Step } from "./command-calls.ts";

/** What pip, in one of its names, is told to do. */
export interface PipCall {
  step: Step;
  call: Call;
  /** As people write it: `pip3`, `python -m pip`. */
  name: string;
  /** Behind the name. */
  args: ShellWord[];
  verb: string;
  verbWord: ShellWord;
  /** Behind the verb, without flags and their values. */
  packages: readonly ShellWord[];
}

const PIP = /^pip(?:\d+(?:\.\d+)*)?$/;
const PYTHON = /^(?:python|pypy)(?:\d+(?:\.\d+)*)?$/;

// pip 24 `pip install --help`, uv 0.5 `uv pip install --help`; `e` is left to the caller.
const VALUES: ReadonlySet<string> = new Set(
  (
    "r requirement c constraint t target i index-url extra-index-url f find-links trusted-host prefix root src b " +
    "build no-binary only-binary platform python-version implementation abi python proxy timeout default-timeout " +
    "retries cert client-cert cache-dir global-option install-option build-option config-settings config-setting C " +
    "progress-bar upgrade-strategy root-user-action log log-file use-feature use-deprecated exists-action report " +
    "keyring-provider group d dest download w wheel-dir build-constraint e editable index default-index p " +
    "index-strategy resolution prerelease exclude-newer link-mode"
  ).split(" "),
);

const calls = new WeakMap<Dockerfile, readonly PipCall[]>();

/** Calls of pip by RUN instructions, also as `python -m pip`; those without a verb are left out. */
export function pipCalls(dockerfile: Dockerfile): readonly PipCall[] {
  let found = calls.get(dockerfile);
  if (found === undefined) {
    const programs = [...buildPrograms(dockerfile)].filter((name) => PIP.test(name) || PYTHON.test(name));
    found = buildCalls(dockerfile, ...programs).flatMap((call) => pipCall(call) ?? []);
    calls.set(dockerfile, found);
  }
  return found;
}

/** What is said behind the name of pip or a program with the same arguments; null without a verb. */
export function readPip(call: Call, name: string, args: ShellWord[]): PipCall | null {
  const [verbWord, ...packages] = operands({ args }, VALUES);
  return verbWord === undefined
    ? null
    : { step: call.step, call, name, args, verb: verbWord.value, verbWord, packages };
}

function pipCall(call: Call): PipCall | null {
  const { name, args } = call.command;
  if (name === null) return null;
  if (PIP.test(name)) return readPip(call, name, args);
  const at = args.findIndex(({ value }) => value === "-m");
  if (args[at + 1]?.value !== "pip" || at === -1) return null;
  return readPip(call, `${name} -m pip`, args.slice(at + 2));
}
