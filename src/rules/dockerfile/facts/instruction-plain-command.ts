import type { Instruction } from "#model/evidence/dockerfile.ts";
import type { ShellBody } from "#model/evidence/shell.ts";

// What a shell does itself, and no program does (POSIX XCU 2.14, and builtins without a program of that name).
const BUILTINS = new Set(
  ". : alias bg break builtin cd command continue declare eval exit export fc fg hash jobs let local logout popd pushd read readonly return set shift shopt source times trap type typeset ulimit umask unalias unset wait".split(
    " ",
  ),
);

/**
 * The words of shell code that is one plain command, as a program would get them; null where a shell is needed:
 * variables, globs, several commands, redirections, assignments, builtins. A leading `exec` is left out.
 */
export function plainWords({
  script,
  commands,
  form,
}: Pick<ShellBody, "script" | "commands" | "form">): string[] | null {
  const [command] = commands;
  if (form !== "shell" || script === null || (script.errors?.length ?? 0) > 0) return null;
  if (commands.length !== 1 || script.commands.length !== 1 || command === undefined) return null;
  const statement = script.commands[0];
  if (statement?.command.type !== "Command" || statement.background === true) return null;
  const program = statement.command.name;
  if (program === undefined || command.name === null || command.depth > 0) return null;
  if (command.redirects.length > 0 || command.assigns.length > 0) return null;
  if (!command.args.every((word) => word.static)) return null;
  const words = [program.value, ...command.args.map(({ value }) => value)];
  const bare = words[0] === "exec" && words[1]?.startsWith("-") === false ? words.slice(1) : words;
  const [first = ""] = bare;
  return first === "exec" || BUILTINS.has(first) ? null : bare;
}

/** The one shell body of CMD, ENTRYPOINT or HEALTHCHECK in shell form; null in JSON form. */
export function shellForm({ json, shell }: Pick<Instruction, "json" | "shell">): ShellBody | null {
  const [body] = shell;
  return json || body === undefined ? null : body;
}
