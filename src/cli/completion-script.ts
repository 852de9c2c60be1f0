import type { Command } from "commander";
import { UserError } from "#model/problem.ts";
import { SEVERITIES } from "#model/severity.ts";
import { CIS_VERSIONS } from "#rules/benchmarks/cis-docker.ts";
import { RULES } from "#rules/index.ts";
import { FORMAT_NAMES } from "#report/render.ts";

interface CommandWords {
  name: string;
  summary: string;
  options: { long: string; description: string }[];
}

/**
 * The completion script of a shell, with all words written out, so that completing starts no process.
 *
 * @throws UserError for a shell other than bash, zsh and fish
 */
export function completionScript(shell: string, program: Command): string {
  const commands = program.commands.map(wordsOf);
  const ids = RULES.map(({ id }) => id);
  switch (shell) {
    case "bash":
      return bash(commands, ids);
    case "zsh":
      return zsh(commands, ids);
    case "fish":
      return fish(commands, ids);
    default:
      throw new UserError(`completion ${shell}: use bash, zsh or fish`);
  }
}

function wordsOf(command: Command): CommandWords {
  return {
    name: command.name(),
    summary: command.summary(),
    options: command.options
      .filter(({ hidden, long }) => !hidden && long !== undefined && long !== null)
      .map(({ long, description }) => ({ long: long as string, description })),
  };
}

function bash(commands: CommandWords[], ids: string[]): string {
  const cases = commands
    .map(({ name, options }) => {
      const words = options.map(({ long }) => long).join(" ");
      return `    ${name}) words="${words}${name === "explain" ? ` ${ids.join(" ")}` : ""}${name === "completion" ? " bash zsh fish" : ""}" ;;`;
    })
    .join("\n");
  return `# bash completion for seaworthy
_seaworthy() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" words="" IFS=$' \\t\\n'
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} help --help --version" -- "$current"))
    return
  fi
  # bash cuts words at "=": --output json=FILE arrives as three.
  if [ "\${COMP_WORDS[COMP_CWORD-1]}" = "=" ] || [ "$current" = "=" ]; then
    compopt -o filenames 2>/dev/null; IFS=$'\\n'; COMPREPLY=($(compgen -f -- "\${current#=}")); return
  fi
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    --policy|--baseline|--evidence|--save-evidence) compopt -o filenames 2>/dev/null; IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$current")); return ;;
    --root|--tls-cert-path) compopt -o filenames 2>/dev/null; IFS=$'\\n'; COMPREPLY=($(compgen -d -- "$current")); return ;;
    --format|-f) words="${FORMAT_NAMES.join(" ")}" command="" ;;
    --output|-o) words="${FORMAT_NAMES.join("= ")}=" command=""; compopt -o nospace 2>/dev/null ;;
    --fail-on) words="${[...SEVERITIES].toReversed().join(" ")} never" command="" ;;
    --benchmark) words="${CIS_VERSIONS.map((version) => `cis-docker-${version}`).join(" ")}" command="" ;;
    --host|-H|--context|--timeout) return ;;
  esac
  case "$command" in
${cases}
    help) words="${commands.map(({ name }) => name).join(" ")}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _seaworthy seaworthy
`;
}

function zsh(commands: CommandWords[], ids: string[]): string {
  const quote = (text: string): string =>
    text.replaceAll("'", "'\\''").replaceAll(":", "\\:").replaceAll("[", "(").replaceAll("]", ")");
  const list = commands.map(({ name, summary }) => `    '${name}:${quote(summary)}'`).join("\n");
  const cases = commands
    .map(({ name, options }) => {
      const rows = options.map(({ long, description }) => `'${long}[${quote(description)}]'`);
      if (name === "explain") rows.push(`'1:rule:(${ids.join(" ")})'`);
      if (name === "completion") rows.push("'1:shell:(bash zsh fish)'");
      rows.push("'*:file:_files'");
      return `    ${name}) _arguments ${rows.join(" ")} ;;`;
    })
    .join("\n");
  return `#compdef seaworthy
_seaworthy() {
  local -a commands=(
${list}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command="$words[2]"
  shift words; (( CURRENT-- ))
  case "$command" in
${cases}
  esac
}
_seaworthy "$@"
`;
}

function fish(commands: CommandWords[], ids: string[]): string {
  const quote = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  const lines = commands.flatMap(({ name, summary, options }) => [
    `complete -c seaworthy -n __fish_use_subcommand -a ${name} -d '${quote(summary)}'`,
    ...options.map(
      ({ long, description }) =>
        `complete -c seaworthy -n '__fish_seen_subcommand_from ${name}' -l ${long.slice(2)} -d '${quote(description)}'`,
    ),
  ]);
  return `# fish completion for seaworthy
${lines.join("\n")}
complete -c seaworthy -f -n '__fish_seen_subcommand_from explain' -a '${ids.join(" ")}'
complete -c seaworthy -f -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'
`;
}
