import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ShellBody, ShellcheckFinding, ShellDialect } from "#model/evidence/shell.ts";
import type { Problem } from "#model/problem.ts";
import { shellcheckFindings } from "./shellcheck-output.ts";

/** Findings in the order of the bodies, each list empty where there are none. */
export interface ShellcheckResult {
  findings: ShellcheckFinding[][];
  /** Why there are none, if the program could not be run or read to its end. */
  problem: Problem | null;
}

/** How the program is run. */
export interface ShellcheckLimits {
  /** Name on PATH, or a path. */
  program?: string;
  /** How long it may take; without, by how much there is to read. */
  milliseconds?: number;
  /** Bytes of output. */
  output?: number;
  environment?: NodeJS.ProcessEnv;
}

/** Names of dialects in a first line; the program takes ash for dash, and says so in SC2187, which is left out. */
const SHEBANGS: Partial<Record<ShellDialect, string>> = {
  sh: "#!/bin/sh",
  dash: "#!/bin/dash",
  bash: "#!/bin/bash",
  ksh: "#!/bin/ksh",
  busybox: "#!/bin/ash",
};
/** SC2187 = ash is read as dash; SC1090 and SC1091 = a sourced file is not there, as it is in the image only. */
const ARGUMENTS = ["--format=json1", "--norc", "--exclude=SC2187,SC1090,SC1091"];
/** A minute, and more where there is much to read: shellcheck 0.9 took 21 ms a body on 2414 of them. */
const LEAST_MILLISECONDS = 60_000;
const MILLISECONDS_EACH = 250;
/** Names of files on one command line: far below what execve(2) takes. */
const MOST_FILES = 20_000;

/**
 * Asks the `shellcheck` program, if it is installed, for what it says of the bodies: one process for all of them.
 * The code is written into files of a folder that only this user can open, is never run, and is deleted. Variables
 * that the builder sets are exported before it, as hadolint does it.
 */
export async function runShellcheck(
  bodies: readonly ShellBody[],
  {
    program = "shellcheck",
    milliseconds,
    output = 64 << 20,
    environment = process.env,
  }: ShellcheckLimits = {},
): Promise<ShellcheckResult> {
  const findings: ShellcheckFinding[][] = bodies.map(() => []);
  const scripts = new Map<string, { body: ShellBody; at: number; head: string }>();
  for (const [at, body] of bodies.entries()) {
    const head = headOf(body);
    if (head !== null && scripts.size < MOST_FILES) scripts.set(`${at}.sh`, { body, at, head });
  }
  if (scripts.size === 0) return { findings, problem: null };
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-shellcheck-")); // 0700: mkdtemp(3)
  try {
    for (const [name, { body, head }] of scripts) {
      await writeFile(join(folder, name), `${head}${body.text}\n`, { mode: 0o600, flag: "wx" });
    }
    const { SHELLCHECK_OPTS: _options, ...env } = environment;
    const ran = await run(program, [...ARGUMENTS, "--", ...scripts.keys()], {
      cwd: folder,
      env,
      milliseconds: milliseconds ?? Math.max(LEAST_MILLISECONDS, scripts.size * MILLISECONDS_EACH),
      output,
    });
    if (typeof ran !== "string") return { findings, problem: ran };
    const found = shellcheckFindings(ran, (file) => {
      const script = scripts.get(file);
      return script === undefined ? null : { text: script.body.text, skip: script.head };
    });
    if (found === null) return { findings, problem: unreadable(program) };
    for (const [file, list] of found) {
      const script = scripts.get(file);
      if (script !== undefined) findings[script.at] = list;
    }
    return { findings, problem: null };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** First line and exports; null for a body that the program does not read. */
function headOf({ dialect, form, variables }: ShellBody): string | null {
  const shebang = SHEBANGS[dialect];
  if (shebang === undefined || form === "exec") return null;
  const names = [...variables].filter((name) => /^[A-Za-z_]\w*$/.test(name));
  return `${shebang}\n${names.map((name) => `export ${name}=1\n`).join("")}`;
}

function run(
  program: string,
  args: string[],
  {
    cwd,
    env,
    milliseconds,
    output,
  }: { cwd: string; env: NodeJS.ProcessEnv; milliseconds: number; output: number },
): Promise<string | Problem> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "ignore"], windowsHide: true });
    const chunks: Buffer[] = [];
    let size = 0;
    let problem: Problem | null = null;
    const stop = (why: Problem): void => {
      problem ??= why;
      child.kill("SIGKILL");
    };
    const timer = setTimeout(
      () =>
        stop({
          what: `it did not end within ${milliseconds / 1000} s`,
          where: program,
          todo: "lint fewer files at once",
        }),
      milliseconds,
    );
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > output)
        stop({ what: "it printed more than can be kept", where: program, todo: "lint fewer files at once" });
      else chunks.push(chunk);
    });
    child.on("error", ({ code, message }: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(
        problem ??
          (code === "ENOENT"
            ? missing(program)
            : { what: message, where: program, todo: "see that it can be run" }),
      );
    });
    child.on("close", (status) => {
      clearTimeout(timer);
      // 1 = there are findings; above: it could not work (shellcheck(1), "RETURN VALUES")
      if (problem !== null) resolve(problem);
      else if (status === 0 || status === 1) resolve(Buffer.concat(chunks).toString("utf8"));
      else
        resolve({
          what: `it ended with status ${status ?? "none"}`,
          where: program,
          todo: "run it by hand on a script",
        });
    });
  });
}

function missing(program: string): Problem {
  return {
    what: "shellcheck is not installed: only the codes that are built in were judged",
    where: program,
    todo: "install shellcheck, or leave --shellcheck out",
  };
}

function unreadable(program: string): Problem {
  return {
    what: "what it printed is no JSON of the format json1",
    where: program,
    todo: "install ShellCheck 0.7 or newer",
  };
}
