import type { ShellDialect } from "#model/evidence/shell.ts";

const DIALECTS: Readonly<Record<string, ShellDialect>> = {
  sh: "sh",
  dash: "dash",
  posh: "dash",
  bash: "bash",
  rbash: "bash",
  ksh: "ksh",
  ksh88: "ksh",
  ksh93: "ksh",
  mksh: "ksh",
  oksh: "ksh",
  loksh: "ksh",
  ash: "busybox",
  busybox: "busybox",
  pwsh: "powershell",
  "pwsh-preview": "powershell",
  powershell: "powershell",
  cmd: "cmd",
};
const FOLDER = /^.*[\\/]/s;
const EXE = /\.exe$/i;
/** First line of a script that names its interpreter (execve(2)); blanks behind `#!` are allowed. */
const SHEBANG = /^#![ \t]*(\S+)[ \t]*([^\r\n]*)/;

/** `/usr/bin/apt-get` → `apt-get`, `C:\Windows\System32\cmd.exe` → `cmd`. */
export function programName(program: string): string {
  return program.replace(FOLDER, "").replace(EXE, "").toLowerCase();
}

/**
 * Which language the program of a SHELL instruction reads. A wrapper (`conda run -n env /bin/bash -c`,
 * `busybox ash -c`) is seen through: the first argument that names a shell decides.
 *
 * @param options what SHELL holds behind the program
 */
export function dialectOf(program: string, options: readonly string[]): ShellDialect {
  const own = DIALECTS[programName(program)];
  if (own !== undefined) return own;
  for (const option of options) {
    const inner = DIALECTS[programName(option)];
    if (inner !== undefined) return inner;
  }
  return "other";
}

/** Program and arguments that the `#!` line of a script names; null without one. `env` is seen through. */
export function shebang(text: string): { program: string; options: string[] } | null {
  const found = SHEBANG.exec(text);
  if (found === null) return null;
  const words = [found[1] ?? "", ...(found[2] ?? "").split(/[ \t]+/)].filter((word) => word !== "");
  const [first = "", ...rest] = words;
  if (programName(first) !== "env") return { program: first, options: rest };
  // env(1): options and assignments stand before the program
  const at = rest.findIndex((word) => !word.startsWith("-") && !word.includes("="));
  return at === -1
    ? { program: first, options: rest }
    : { program: rest[at] ?? first, options: rest.slice(at + 1) };
}

/** Whether the text of a body in this language can be read as shell code by us. */
export function isReadable(dialect: ShellDialect): boolean {
  return dialect !== "powershell" && dialect !== "cmd" && dialect !== "other";
}
