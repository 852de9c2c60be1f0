// What may be asked of npm run bench:lint.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

export const HELP = `npm run bench:lint -- --corpus DIR [--vs hadolint=PATH,tally=PATH] [--preset strict] [--rounds 3] [--limit N]

Lints every file of DIR/dockerfiles (or of DIR) in one process and tells files per second: of a whole run from start
to exit, and of a process that is warm. Peers are given the same files, one run each.

  --corpus DIR       folder of Dockerfiles
  --vs NAME=PATH,…   programs to compare with: hadolint, tally (npm package @wharflab/tally-linux-x64); none is part
                     of this repository
  --preset NAME      which of our rules: strict (default: all, with every ShellCheck code that we judge),
                     recommended, hadolint
  --rounds N         how often we run, 1 to 20 (default 3); the round that took the least is judged
  --limit N          only the first N files
  --compare          what is found in place of how fast, beside hadolint and the builder (--compare --help)
  --shellcheck       our ShellCheck codes beside the program shellcheck (--shellcheck --help)
  --help             this text

Exit codes: 0 all bounds kept, 1 a bound missed, 2 wrong usage, 3 not completed.
`;

/** A message for the caller, with the exit code that goes with it. */
export function failure(message, exitCode = 3) {
  return Object.assign(new Error(message), { exitCode });
}

/** Reads the command line. Returns null for --help; throws a failure with code 2 for wrong usage. */
export function readOptions(argv) {
  const { values } = parse(argv);
  if (values.help) return null;
  if (values.corpus === undefined) throw failure("--corpus DIR: name the folder of Dockerfiles", 2);
  if (!["strict", "recommended", "hadolint"].includes(values.preset)) {
    throw failure(`--preset ${values.preset}: use strict, recommended or hadolint`, 2);
  }
  const limit =
    values.limit === undefined ? Number.POSITIVE_INFINITY : whole("--limit", values.limit, 1, 1e6);
  return {
    files: filesOf(values.corpus).slice(0, limit),
    peers: (values.vs ?? "")
      .split(",")
      .filter((each) => each !== "")
      .map(peer),
    preset: values.preset,
    rounds: whole("--rounds", values.rounds, 1, 20),
  };
}

function parse(argv) {
  try {
    return parseArgs({
      args: argv,
      options: {
        corpus: { type: "string" },
        vs: { type: "string" },
        preset: { type: "string", default: "strict" },
        rounds: { type: "string", default: "3" },
        limit: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw failure(error.message, 2);
  }
}

function whole(option, text, least, most) {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw failure(`${option} ${text}: give a whole number, ${least} to ${most}`, 2);
}

function filesOf(corpus) {
  const inside = join(corpus, "dockerfiles");
  const folder = resolve(existsSync(inside) ? inside : corpus);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw failure(`--corpus ${corpus}: is no folder`, 2);
  }
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(folder, name))
    .toSorted();
  if (files.length === 0) throw failure(`--corpus ${corpus}: holds no files`, 2);
  return files;
}

// How each peer is told to judge files without a word, a network or an exit code for findings.
const ARGUMENTS = {
  hadolint: ["--no-fail", "--format", "json"],
  tally: ["lint", "--format", "json", "--fail-level", "none", "--slow-checks", "off"],
};

function peer(text) {
  const [name, path = ""] = text.split("=");
  const args = Object.hasOwn(ARGUMENTS, name) ? ARGUMENTS[name] : undefined;
  if (args === undefined) throw failure(`--vs ${text}: known are ${Object.keys(ARGUMENTS).join(", ")}`, 2);
  if (!existsSync(path)) throw failure(`--vs ${text}: there is no such file`, 2);
  return { name, command: [resolve(path), ...args] };
}
