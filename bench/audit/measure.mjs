// Runs a program and tells what it cost: wall time, CPU time of it and all its children, peak memory.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { failure } from "./options.mjs";

const TOLD = fileURLToPath(new URL("./told.cjs", import.meta.url));
const LONGEST_MS = 3_600_000;

/** Command of Node for our own script, which then tells of its memory and of the time that it collected. */
export function telling(script, ...args) {
  return [process.execPath, "--require", TOLD, script, ...args];
}

/**
 * Runs `command` to its end, in a group of processes of its own, which is ended if `signal` aborts.
 *
 * @param folder where the output is kept in files, so that no reader of a pipe slows the program down
 * @returns wall and CPU time in ms, what {@link telling} tells (null if it does not), exit code and standard output
 */
export async function measure(command, { folder, env, cwd, signal }) {
  signal.throwIfAborted();
  const [out, errors, costs] = ["out", "errors", "costs"].map((name) => openSync(join(folder, name), "w"));
  const started = performance.now();
  // The shell's own `times` (POSIX) counts every child and grandchild that was waited for.
  const child = spawn("sh", ["-c", '"$@"; code=$?; times >&3; exit $code', "sh", ...command], {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", out, errors, costs],
  });
  for (const descriptor of [out, errors, costs]) closeSync(descriptor);
  const stop = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  signal.addEventListener("abort", stop);
  const limit = setTimeout(stop, LONGEST_MS);
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status, killedBy) => resolve(killedBy === null ? status : null));
  });
  const wallMs = performance.now() - started;
  clearTimeout(limit);
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  const read = (name) => readFileSync(join(folder, name), "utf8");
  if (code === null) throw failure(`${command.join(" ")}: ended by a signal\n${read("errors").slice(-2000)}`);
  return { wallMs, code, stdout: read("out"), errors: read("errors"), ...parseCosts(read("costs")) };
}

// `peak 98765` in kB and `collect 123.4` in ms, then the shell's two lines `0m0.00s 0m0.00s`: its own times, and those of its children.
function parseCosts(text) {
  const peak = /^peak (\d+)$/m.exec(text)?.[1];
  const collect = /^collect ([\d.]+)$/m.exec(text)?.[1];
  const children = text.trimEnd().split("\n").at(-1) ?? "";
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
  return {
    cpuMs: seconds.reduce((sum, each) => sum + each, 0) * 1000,
    peakBytes: peak === undefined ? null : Number(peak) * 1024,
    collectMs: collect === undefined ? null : Number(collect),
  };
}
