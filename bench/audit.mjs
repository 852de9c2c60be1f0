// npm run bench:audit: what `seaworthy check` costs on a host full of containers, beside Docker Bench for Security.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { prepare, root } from "../scripts/prepare.mjs";
import { compare, ourVerdicts, theirVerdicts } from "./audit/compare.mjs";
import { describeEngine, startContainers } from "./audit/containers.mjs";
import { measure, telling } from "./audit/measure.mjs";
import { failure, HELP, readOptions } from "./audit/options.mjs";
import { boundLine, comparisonLines, COST_HEADING, costLine } from "./audit/print.mjs";

const LEAST_RATIO = 200;
const MOST_COLLECT_MS = 400;
const MOST_BYTES = 120e6;
const CLI = join(root, "bin/seaworthy.js");

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) process.stdout.write(HELP);
  else process.exitCode = await bench(options);
} catch (error) {
  process.stderr.write(`bench:audit: ${error.exitCode === undefined ? error.stack : error.message}\n`);
  process.exitCode = error.exitCode ?? 3;
}

async function bench({ engine, socketPath, containers, rounds, dockerBench }) {
  prepare();
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => stop.abort(failure(`ended by ${signal}`)));
  }
  // Node 20 parses the bundle of certificates at every start, which no command here needs; a context would
  // name another engine.
  const { NODE_EXTRA_CA_CERTS: _certificates, DOCKER_CONTEXT: _context, ...rest } = process.env;
  const env = { ...rest, DOCKER_HOST: engine };
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-bench-"));
  let remove = async () => {};
  try {
    say(`starting ${containers} containers`);
    remove = await startContainers({ count: containers, socketPath, env, signal: stop.signal });
    const at = { folder, env, signal: stop.signal };
    const { version, running } = await describeEngine(env);
    const ours = await measureUs(rounds, at);
    const theirs = dockerBench === null ? null : await measureThem(dockerBench, at);
    const rows = theirs === null ? null : await compareVerdicts(theirs.log, at);
    console.log(
      `engine ${version} with ${running} running containers (${containers} of ours), Node ${process.version}, ${availableParallelism()} CPUs`,
    );
    // Other engines' containers are found by their processes, and cost time too.
    console.log(
      `seaworthy judged ${ours.report.subjects.filter(({ kind }) => kind === "container").length} containers of the host, ${ours.report.findings.length} verdicts\n`,
    );
    return print(ours, theirs, rows);
  } finally {
    say("removing the containers");
    await remove();
    rmSync(folder, { recursive: true });
  }
}

/** Runs `seaworthy check` a few times; the round with the least wall time is the one the least disturbed. */
async function measureUs(rounds, at) {
  const runs = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`seaworthy check, round ${round} of ${rounds}`);
    runs.push(await runUs(["check"], at));
  }
  const [best] = runs.toSorted((a, b) => a.wallMs - b.wallMs);
  return { ...best, slowestMs: Math.max(...runs.map(({ wallMs }) => wallMs)) };
}

// Its exit code tells of findings and of what could not be read; both leave a whole report behind.
async function runUs(command, at) {
  const run = await measure(telling(CLI, ...command, "--format", "json"), at);
  try {
    return { ...run, report: JSON.parse(run.stdout) };
  } catch {
    throw failure(`seaworthy ${command.join(" ")}: exit ${run.code}, no report\n${run.errors}`);
  }
}

async function measureThem(script, at) {
  say("docker-bench-security: takes a minute or more");
  const logFile = join(at.folder, "docker-bench.log");
  const cwd = dirname(script);
  const run = await measure(["bash", basename(script), "-b", "-l", logFile], { ...at, cwd });
  if (run.code !== 0) throw failure(`docker-bench-security: exit ${run.code}\n${run.errors}${run.stdout}`);
  return { ...run, log: readLog(`${logFile}.json`) };
}

function readLog(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw failure(`docker-bench-security left no JSON that can be read: ${error.message}`);
  }
}

async function compareVerdicts(log, at) {
  const { report } = await runUs(["audit", "--benchmark", "cis-docker-1.6"], at);
  return compare(theirVerdicts(log), ourVerdicts(report));
}

/** Prints figures, bounds and comparison. Returns the exit code. */
function print(ours, theirs, rows) {
  const { collectMs } = ours;
  const { durationMs } = ours.report.summary;
  console.log(COST_HEADING);
  console.log(costLine("seaworthy check, least of all rounds", ours));
  console.log(costLine("  of it start, print and end", { wallMs: ours.wallMs - durationMs }));
  console.log(costLine("  of it collect", { wallMs: collectMs }));
  console.log(costLine("  of it judge", { wallMs: durationMs - collectMs }));
  console.log(costLine("seaworthy check, slowest round", { wallMs: ours.slowestMs }));
  if (theirs !== null) {
    console.log(costLine(`Docker Bench ${theirs.log.dockerbenchsecurity}, one run`, theirs));
  }
  console.log();
  const ratio = theirs === null ? null : theirs.wallMs / ours.wallMs;
  const bounds = [
    {
      name: "collecting takes at most 0.4 s",
      measured: `${collectMs.toFixed(0)} ms`,
      kept: collectMs <= MOST_COLLECT_MS,
    },
    {
      name: "peak memory is at most 120 MB",
      measured: `${(ours.peakBytes / 1e6).toFixed(1)} MB`,
      kept: ours.peakBytes <= MOST_BYTES,
    },
    ...(ratio === null
      ? []
      : [
          {
            name: `at least ${LEAST_RATIO} × faster`,
            measured: `${ratio.toFixed(0)} ×`,
            kept: ratio >= LEAST_RATIO,
          },
        ]),
  ];
  for (const bound of bounds) console.log(boundLine(bound));
  console.log();
  if (rows === null)
    console.log("Docker Bench for Security was not given (--docker-bench PATH): only we were measured.");
  else console.log(comparisonLines(rows).join("\n"));
  return bounds.every(({ kept }) => kept) ? 0 : 1;
}

function say(text) {
  process.stderr.write(`bench:audit: ${text}\n`);
}
