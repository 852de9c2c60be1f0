import { execFile } from "node:child_process";
import { got, missing, type Reading } from "#model/reading.ts";
import { attempt, type HostFiles } from "../filesystem.ts";

const TIMEOUT_MS = 1000;
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
  const options = {
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL" as const,
    maxBuffer: MAX_OUTPUT,
    env: { PATH: FOLDERS.join(":"), LC_ALL: "C" },
  };
  return new Promise((resolve) => {
    execFile(program, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === "number" && (code === 0 || accept(code))) resolve(got(stdout));
      else resolve(missing(`${name}: ${reason(error, stderr)}`));
    });
  });
}

function reason(error: (Error & { killed?: boolean }) | null, stderr: string): string {
  if (error?.killed === true) return `gave no answer within ${TIMEOUT_MS / 1000} s`;
  const text = stderr.trim().split("\n")[0] ?? "";
  if (/permission denied|not permitted|must be root|you must be root/i.test(stderr)) {
    return "permission denied: run as root";
  }
  return (text === "" ? (error?.message ?? "failed") : text).slice(0, 200);
}
