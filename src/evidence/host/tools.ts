import { spawn } from "node:child_process";
import { got, missing, type Reading } from "#model/reading.ts";
import { attempt, type HostFiles } from "../filesystem.ts";

const TIMEOUT_MS = 1000;
const GRACE_MS = 200;
const MAX_OUTPUT = 16 << 20;
// Not PATH: what root runs is not for its environment to say.
const FOLDERS = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/local/bin"];

/** Where a program of the host lies; null = it is not installed. */
export function findProgram(files: HostFiles, name: string): string | null {
  for (const folder of FOLDERS) {
    const path = `${folder}/${name}`;
    const stat = attempt(path, () => files.stat(path));
    if (stat.ok && stat.value.isFile() && (stat.value.mode & 0o111) !== 0) return path;
  }
  return null;
}

/**
 * Runs a program of the host that only reads, and gives its output. Never throws: what went wrong is the
 * reason. It is started before this function returns, and ended after a second.
 *
 * @param accept exit codes besides 0 that come with a whole answer
 */
export async function runTool(
  files: HostFiles,
  name: string,
  args: readonly string[],
  accept: (code: number) => boolean = () => false,
): Promise<Reading<string>> {
  // The host's program is started with our root and our namespaces, so its answer would be about those.
  if (files.local("/") !== "/") {
    return missing(`${name}: is not run from a container or for another root; run seaworthy on the host`);
  }
  const program = findProgram(files, name);
  if (program === null) return missing(`${name} is not installed`);
  return new Promise((resolve) => {
    const env = { PATH: FOLDERS.join(":"), LC_ALL: "C" };
    const child = spawn(program, [...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    let stopped: string | null = null;
    const stop = (why: string): void => {
      stopped ??= why;
      child.kill("SIGKILL");
    };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (chunk: string) => {
        output[stream] += chunk;
        if (output[stream].length > MAX_OUTPUT) stop(`gave more than ${MAX_OUTPUT >> 20} MiB`);
      });
    }
    // Not the timeout of child_process: where this thread was busy for longer than that it closes the pipes of a
    // program that has long answered, and half an answer would pass for a whole one. This timer starts anew
    // once the thread is free, and by then the answer has been read.
    const timer = setTimeout(() => {
      setTimeout(() => stop(`gave no answer within ${TIMEOUT_MS / 1000} s`), GRACE_MS);
    }, TIMEOUT_MS);
    child.on("error", ({ message }) => {
      clearTimeout(timer);
      resolve(missing(`${name}: ${message}`));
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (code !== null && stopped === null && (code === 0 || accept(code))) resolve(got(output.stdout));
      else resolve(missing(`${name}: ${stopped ?? reason(output.stderr, code)}`));
    });
  });
}

function reason(stderr: string, code: number | null): string {
  if (/permission denied|not permitted|must be root|you must be root/i.test(stderr)) {
    return "permission denied: run as root";
  }
  const text = stderr.trim().split("\n")[0] ?? "";
  return (text === "" ? `ended with code ${code}` : text).slice(0, 200);
}
