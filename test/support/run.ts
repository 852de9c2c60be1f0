import { spawn } from "node:child_process";

/** How a command ended. `code` is null if it was killed, by the time limit or a signal. */
export interface Outcome {
  stdout: string;
  stderr: string;
  code: number | null;
}

export interface RunOptions {
  /** Milliseconds after which it is killed; 60 000 by default. */
  timeoutMs?: number;
  /** Written to its standard input, which is closed afterwards. */
  input?: string;
  /** Added to this process's environment. */
  env?: Record<string, string>;
  cwd?: string;
}

/** The words of a command line that needs no quotes. */
export function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Runs a command without a shell and waits for its end. Throws only if it cannot be started at all. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { timeoutMs = 60_000, input = "", env = {}, cwd } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      ...(cwd === undefined ? {} : { cwd }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), code });
    });
    child.stdin.on("error", () => undefined); // It may end without reading its input.
    child.stdin.end(input);
  });
}

/** Like {@link run}; gives the standard output without the last line end, and throws unless the code is 0. */
export async function must(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { stdout, stderr, code } = await run(command, args, options);
  if (code !== 0) {
    const how = code === null ? "was killed" : `ended with ${code}`;
    throw new Error(`${command} ${args.join(" ")} ${how}: ${stderr.trim().slice(-2000)}`);
  }
  return stdout.trimEnd();
}

/** Waits until `ready` gives true, asking every 100 ms. Throws with `what` after `timeoutMs`. */
export async function waitFor(
  what: string,
  ready: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await ready())) {
    if (Date.now() > end) throw new Error(`${what}: not so within ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
