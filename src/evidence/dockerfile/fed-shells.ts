import type { Heredoc } from "#model/evidence/dockerfile.ts";
import type { ShellBody, ShellCommand } from "#model/evidence/shell.ts";
import { shellBody } from "../shell/body.ts";
import { joinedBody } from "./heredocs.ts";

const SHELLS = new Set(["sh", "bash", "dash", "ash", "ksh"]);

/**
 * Bodies of heredocs that feed a shell: `bash <<'EOF'`, `sh -eux <<"EOF"`. An unquoted one is expanded by the outer
 * shell before the inner one sees it, so its text is not what runs.
 */
export function fedShells(
  text: string,
  heredocs: readonly Heredoc[],
  { commands, variables }: ShellBody,
): ShellBody[] {
  const quoted = new Map(heredocs.filter((each) => each.quoted).map((each) => [each.range.start, each]));
  if (quoted.size === 0) return [];
  return commands.flatMap((command) => {
    if (!readsStandardInput(command)) return [];
    const fed = command.redirects.flatMap(({ range }) => quoted.get(range.start) ?? []).at(-1);
    if (fed === undefined) return [];
    const program = command.name ?? "sh";
    const options = command.args.map(({ value }) => value);
    return [shellBody({ ...joinedBody(text, fed), program, options, variables, form: "heredoc" })];
  });
}

/** A shell without a script of its own: only flags, and none that takes the code from the command line. */
function readsStandardInput({ name, args }: ShellCommand): boolean {
  if (name === null || !SHELLS.has(name)) return false;
  return args.every(({ value }, index) => {
    if (value === "-" || value === "--") return true;
    if (/^-[a-zA-Z]*o$/.test(args[index - 1]?.value ?? "")) return true;
    return /^[-+]/.test(value) && !/^-[a-zA-Z]*c/.test(value);
  });
}
