// Runs a program to its end and tells wall time, CPU time and peak memory, in the same way for every program.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { failure } from "./options.mjs";

const LONGEST_MS = 3_600_000;
// USER_HZ is 100 on every Linux that Node runs on (proc_pid_stat(5), time(7)).
const TICK_MS = 10;
const LOOK_MS = 10;

/**
 * Runs `command` to its end. Its memory and CPU time are looked up in /proc while it runs: both only grow, and what
 * is missed of the last {@link LOOK_MS} ms is little.
 *
 * @param folder where the output is kept, so that no reader of a pipe slows the program down
 */
export async function measure(command, folder) {
  const [out, errors] = ["out", "errors"].map((name) => openSync(join(folder, name), "w"));
  const [program, ...args] = command;
  const started = performance.now();
  const child = spawn(program, args, {
    stdio: ["ignore", out, errors],
    timeout: LONGEST_MS,
    killSignal: "SIGKILL",
  });
  for (const descriptor of [out, errors]) closeSync(descriptor);
  let last = { peakBytes: null, cpuMs: null };
  const look = setInterval(() => {
    last = costs(child.pid) ?? last;
  }, LOOK_MS);
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status) => resolve(status));
  }).finally(() => clearInterval(look));
  const wallMs = performance.now() - started;
  const read = (name) => readFileSync(join(folder, name), "utf8");
  if (code === null) throw failure(`${program}: ended by a signal\n${read("errors").slice(-2000)}`);
  return { wallMs, code, stdout: read("out"), errors: read("errors"), ...last };
}

function costs(pid) {
  try {
    const peak = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    // Fields count from behind the name in brackets: utime and stime are the 12th and 13th after it.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
    if (peak === undefined) return null;
    return {
      peakBytes: Number(peak) * 1024,
      cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    };
  } catch {
    return null; // It has just ended.
  }
}
