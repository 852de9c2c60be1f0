// What may be asked of npm run bench:audit.
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

export const HELP = `npm run bench:audit -- [--docker-bench PATH] [--containers 50] [--engine unix:///…] [--rounds 3]

Starts a mixed set of containers on an engine, measures what \`seaworthy check\` costs there, and sets it beside
one run of Docker Bench for Security: time, CPU, memory, and the verdict for each id of CIS Docker 1.6. Removes
exactly its own containers and its own image at the end, also after Ctrl-C.

  --docker-bench PATH   folder (or script) of github.com/docker/docker-bench-security, which is not part of this
                        repository; it writes a folder log/ beside itself. Without it only we are measured.
  --containers N        how many containers to start, 0 to 500 (default 50; each runs 4 background processes)
  --engine URL          engine, unix:///path (default unix:///var/run/docker.sock)
  --rounds N            how often to run seaworthy, 1 to 100 (default 3); the round that took the least is judged
  --help                this text

Needs docker (the client), tar and a static busybox in /bin/busybox. Run it as root: both tools see more.
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
  const engine = values.engine;
  const socketPath = /^unix:\/\/(\/.+)$/.exec(engine)?.[1];
  if (socketPath === undefined) throw failure(`--engine ${engine}: give unix:///path of a local engine`, 2);
  return {
    engine,
    socketPath,
    containers: whole("--containers", values.containers, 0, 500),
    rounds: whole("--rounds", values.rounds, 1, 100),
    dockerBench: values["docker-bench"] === undefined ? null : findScript(values["docker-bench"]),
  };
}

function parse(argv) {
  try {
    return parseArgs({
      args: argv,
      options: {
        "docker-bench": { type: "string" },
        containers: { type: "string", default: "50" },
        engine: { type: "string", default: "unix:///var/run/docker.sock" },
        rounds: { type: "string", default: "3" },
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

function findScript(path) {
  const script =
    existsSync(path) && statSync(path).isDirectory() ? join(path, "docker-bench-security.sh") : path;
  if (existsSync(script)) return resolve(script);
  throw failure(`--docker-bench ${path}: there is no docker-bench-security.sh`, 2);
}
