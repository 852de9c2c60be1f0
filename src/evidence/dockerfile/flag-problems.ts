import type { Flag, Instruction, SyntaxProblem } from "#model/evidence/dockerfile.ts";
import { mountProblem } from "./mount-problems.ts";
import { nearest } from "./nearest.ts";
import { shownWord } from "./shown.ts";

/** What a flag takes: `--link` or `--link=true`, one value, or one value each time. */
type FlagKind = "switch" | "value" | "values";

// moby/buildkit, instructions/parse.go and commands_run*.go (dockerfile 1.27)
const FLAGS: Readonly<Record<string, Readonly<Record<string, FlagKind>>>> = {
  FROM: { platform: "value" },
  RUN: { mount: "values", device: "values", network: "value", security: "value" },
  COPY: {
    from: "value",
    chown: "value",
    chmod: "value",
    link: "switch",
    parents: "switch",
    exclude: "values",
  },
  ADD: {
    chown: "value",
    chmod: "value",
    link: "switch",
    "keep-git-dir": "switch",
    checksum: "value",
    unpack: "switch",
    exclude: "values",
  },
  HEALTHCHECK: {
    interval: "value",
    timeout: "value",
    "start-period": "value",
    "start-interval": "value",
    retries: "value",
  },
};
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  network: ["default", "none", "host"],
  security: ["sandbox", "insecure"],
};

const MOST = 100;

/** What the builder refuses of an instruction's flags (moby/buildkit, instructions/bflag.go). */
export function flagProblems(instruction: Instruction): SyntaxProblem[] {
  const { keyword, flags } = instruction;
  if (flags.length === 0) return [];
  const known = FLAGS[keyword] ?? {};
  const seen = new Set<string>();
  return flags.slice(0, MOST).flatMap((flag): SyntaxProblem[] => {
    const kind = Object.hasOwn(known, flag.name) ? known[flag.name] : undefined;
    if (kind === undefined) return [unknownFlag(keyword, Object.keys(known), flag)];
    const repeated = kind !== "values" && seen.has(flag.name);
    seen.add(flag.name);
    const message = repeated ? `--${flag.name} is given twice` : valueProblem(keyword, flag, kind);
    return message === null ? [] : [{ code: "flag", message, range: flag.range }];
  });
}

function unknownFlag(keyword: string, known: readonly string[], { name, range }: Flag): SyntaxProblem {
  const meant = nearest(name, known);
  const hint = meant === null ? "" : `; did you mean --${meant}?`;
  const what = known.length === 0 ? "takes no flags" : "knows no such flag";
  return { code: "flag", message: `${keyword} ${what}: --${shownWord(name)}${hint}`, range };
}

function valueProblem(keyword: string, { name, value }: Flag, kind: FlagKind): string | null {
  if (kind === "switch") {
    if (value === null || /^(?:true|false)$/i.test(value)) return null;
    return `--${name} is true or false, not ${value === "" ? "empty" : shownWord(value)}`;
  }
  if (value === null) return `--${name} needs a value: --${name}=…`;
  const choices = CHOICES[name];
  if (choices !== undefined && !choices.includes(value)) {
    return `--${name} is ${choices.join(", ")}, not ${value === "" ? "empty" : shownWord(value)}`;
  }
  if (name === "mount") return mountProblem(value);
  if (name === "from" && keyword === "COPY" && /\$./.test(value)) {
    return `--from takes no variables: give ${shownWord(value)} to FROM of a stage, and name that here`;
  }
  return null;
}
