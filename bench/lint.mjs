// npm run bench:lint: how many files a second `seaworthy lint` judges, beside hadolint and tally.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { prepare, root } from "../scripts/prepare.mjs";
import { linter, loadLinter } from "./lint/library.mjs";
import { measure } from "./lint/measure.mjs";
import { failure, HELP, readOptions } from "./lint/options.mjs";
import { table } from "./lint/table.mjs";

// Ten times what hadolint does on the machine on which these bounds were set.
const LEAST_FILES_PER_SECOND = 340;
const LEAST_RATIO = { hadolint: 10, tally: 10 };
const CLI = join(root, "bin/seaworthy.js");

const argv = process.argv.slice(2);
if (argv.includes("--compare")) {
  const { compareMain } = await import("./lint/compare.mjs");
  process.exitCode = await compareMain(argv.filter((each) => each !== "--compare"));
} else if (argv.includes("--shellcheck")) {
  process.argv = process.argv.filter((each) => each !== "--shellcheck");
  await import("./lint/shellcheck.mjs");
} else {
  try {
    const options = readOptions(argv);
    if (options === null) process.stdout.write(HELP);
    else process.exitCode = await bench(options);
  } catch (error) {
    process.stderr.write(`bench:lint: ${error.exitCode === undefined ? error.stack : error.message}\n`);
    process.exitCode = error.exitCode ?? 3;
  }
}

async function bench({ files, peers, preset, rounds }) {
  prepare();
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-bench-"));
  try {
    const args = [
      "lint",
      "--kind",
      "dockerfile",
      "--preset",
      preset,
      "--fail-on",
      "never",
      "--format",
      "json",
    ];
    const ours = [];
    for (let round = 1; round <= rounds; round += 1) {
      say(`seaworthy lint, round ${round} of ${rounds}`);
      ours.push(await measure([process.execPath, CLI, ...args, ...files], folder));
    }
    const [best] = ours.toSorted((a, b) => a.wallMs - b.wallMs);
    const report = parseReport(best);
    say("the same in a process that is warm");
    const warmMs = await warm(files, preset, rounds);
    const theirs = [];
    for (const { name, command } of peers) {
      say(`${name}, one run`);
      theirs.push({ name, ...(await measure([...command, ...files], folder)) });
    }
    return print({ files, preset, best, report, warmMs, theirs });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parseReport({ stdout, code, errors }) {
  try {
    return JSON.parse(stdout);
  } catch {
    throw failure(`seaworthy lint: exit ${code}, no report\n${errors.slice(0, 2000)}`);
  }
}

/** Least time for all files of a few rounds within this process, reading them included. */
async function warm(files, preset, rounds) {
  const lint = linter(await loadLinter(), { preset, plain: true });
  const times = [];
  for (let round = 0; round < rounds + 1; round += 1) {
    const started = performance.now();
    for (const path of files) lint(readFileSync(path, "utf8"), path);
    times.push(performance.now() - started);
  }
  return Math.min(...times);
}

/** Prints figures and bounds. Returns the exit code. */
function print({ files, preset, best, report, warmMs, theirs }) {
  const row = (name, { wallMs, cpuMs = null, peakBytes = null }, fatal = "-") => [
    name,
    `${(wallMs / 1000).toFixed(2)} s`,
    cpuMs === null ? "-" : `${(cpuMs / 1000).toFixed(2)} s`,
    (files.length / (wallMs / 1000)).toFixed(0),
    peakBytes === null ? "-" : `${(peakBytes / 1e6).toFixed(0)} MB`,
    fatal,
  ];
  console.log(
    `${files.length} files, preset ${preset}, Node ${process.version}, ${availableParallelism()} CPUs\n`,
  );
  console.log(
    table(
      ["", "wall", "CPU", "files/s", "memory", "files given up"],
      [
        row("seaworthy lint, whole run", best, report.problems.length),
        row("seaworthy lint, warm", { wallMs: warmMs }),
        ...theirs.map((each) => row(`${each.name}, whole run`, each, givenUp(each))),
      ],
    ).join("\n"),
  );
  console.log();
  const rate = files.length / (best.wallMs / 1000);
  const bounds = [
    {
      name: `at least ${LEAST_FILES_PER_SECOND} files a second, start included`,
      measured: rate.toFixed(0),
      kept: rate >= LEAST_FILES_PER_SECOND,
    },
    // Machines differ; what ran beside us on this one is judged as well.
    ...theirs.map((peer) => ({
      name: `at least ${LEAST_RATIO[peer.name] ?? 1} × as fast as ${peer.name}, start included`,
      measured: `${(peer.wallMs / best.wallMs).toFixed(1)} ×`,
      kept: peer.wallMs / best.wallMs >= (LEAST_RATIO[peer.name] ?? 1),
    })),
    {
      name: "no file is given up",
      measured: String(report.problems.length),
      kept: report.problems.length === 0,
    },
  ];
  for (const { name, measured, kept } of bounds) {
    console.log(`${kept ? "kept  " : "MISSED"}  ${name.padEnd(50)} ${measured}`);
  }
  return bounds.every(({ kept }) => kept) ? 0 : 1;
}

/** Of how many files a peer said nothing but that it could not parse them. */
function givenUp({ name, stdout, errors }) {
  if (name === "hadolint") return [...stdout.matchAll(/"code":\s*"DL1000"/g)].length;
  return [...errors.matchAll(/^.*(?:failed to parse|parse error).*$/gim)].length || "-";
}

function say(text) {
  process.stderr.write(`bench:lint: ${text}\n`);
}
