import type {
  Dockerfile,
  Heredoc,
  Instruction,
  JoinedText,
  SyntaxProblem,
} from "#model/evidence/dockerfile.ts";
import type { ShellBody } from "#model/evidence/shell.ts";
import { shellBody } from "../shell/body.ts";
import { execBody } from "../shell/exec.ts";
import { isSpace, skipSpaces } from "./chars.ts";
import { fedShells } from "./fed-shells.ts";
import { joinedBody, scriptPieces } from "./heredocs.ts";
import { dropStart, joinPieces } from "./joined.ts";
import { type NamesSoFar, namesSoFar } from "./names-so-far.ts";

/** The shell that a stage's instructions are run by, and the variables it finds. */
interface ShellState {
  program: string;
  options: readonly string[];
  names: NamesSoFar;
}

/** A comment of hadolint's that says which shell the following instructions are for. */
interface Pragma {
  at: number;
  program: string;
}

// Set for every RUN by the builder (Dockerfile reference, "Predefined ARGs").
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
const SHELL_PRAGMA = /^hadolint\s+shell\s*=\s*(\S+)/;
const WINDOWS_IMAGE = /(?:^|\/)windows\/|windowsservercore|nanoserver/i;
const WINDOWS_PLATFORM = /^windows(?:\/|$)/i;

// `sh -c` takes 128 KiB in one argument (execve(2), MAX_ARG_STRLEN); nobody writes files with this much code.
const MOST_CODE = 2 << 20;

/**
 * Finds the shell code of every instruction and reads it, in the shell that is in force there: SHELL, the shebang
 * of a heredoc, a pragma, or the default of the image's system.
 *
 * @returns where code was left unread because there is too much of it
 */
export function attachShell(dockerfile: Dockerfile): SyntaxProblem[] {
  const pragmas = shellPragmas(dockerfile);
  const first = dockerfile.stages[0]?.from.range.start ?? Infinity;
  const initial = pragmas.findLast(({ at }) => at < first)?.program ?? null;
  let stage: ShellState = initialState(initial, false);
  const states: ShellState[] = [];
  let next = 0;
  let code = 0;
  for (const instruction of dockerfile.instructions) {
    const { keyword, range, stage: index } = instruction;
    let named: string | null = null;
    while ((pragmas[next]?.at ?? Infinity) < range.start) {
      named = (pragmas[next] as Pragma).program;
      next += 1;
    }
    if (keyword === "FROM") {
      stage = stateOf(dockerfile, index, states, initial);
      states.push(stage);
    } else {
      if (named !== null && index !== -1) Object.assign(stage, { program: named, options: ["-c"] });
      if (runsCode(instruction.trigger ?? instruction))
        code += instruction.range.end - instruction.range.start;
      if (code > MOST_CODE) return [tooMuchCode(instruction)];
      advance(dockerfile, instruction, stage);
    }
  }
  return [];
}

function tooMuchCode({ keywordRange: range }: Instruction): SyntaxProblem {
  return { code: "more", message: "this is too much shell code: from here on it is not read", range };
}

function shellPragmas({ comments }: Dockerfile): Pragma[] {
  return comments.flatMap(({ text, range }) => {
    const program = text.startsWith("hadolint") ? SHELL_PRAGMA.exec(text)?.[1] : undefined;
    return program === undefined ? [] : [{ at: range.start, program }];
  });
}

function initialState(program: string | null, windows: boolean): ShellState {
  return {
    program: program ?? (windows ? "cmd" : "/bin/sh"),
    options: windows && program === null ? ["/S", "/C"] : ["-c"],
    names: namesSoFar(PROXIES),
  };
}

function stateOf(
  { stages, escape }: Dockerfile,
  index: number,
  states: readonly ShellState[],
  initial: string | null,
): ShellState {
  const stage = stages[index];
  const before = stage === undefined || stage.base === null ? undefined : states[stage.base];
  if (before !== undefined) return { ...before, names: before.names.fork() };
  const platform = stage?.from.flags.find(({ name }) => name === "platform")?.value ?? "";
  const windows =
    escape === "`" || WINDOWS_IMAGE.test(stage?.image?.text ?? "") || WINDOWS_PLATFORM.test(platform);
  return initialState(initial, windows);
}

function advance(dockerfile: Dockerfile, instruction: Instruction, state: ShellState): void {
  const { keyword, json, pairs, trigger } = instruction;
  const [program, ...options] = keyword === "SHELL" && json ? instruction.words : [];
  if (program !== undefined) {
    state.program = program.value;
    state.options = options.map(({ value }) => value);
  }
  if (keyword === "ARG" || keyword === "ENV") for (const { name } of pairs) state.names.add(name.value);
  instruction.shell = bodiesOf(dockerfile, instruction, state);
  if (trigger !== null) trigger.shell = bodiesOf(dockerfile, trigger, state);
}

function bodiesOf({ text }: Dockerfile, instruction: Instruction, state: ShellState): ShellBody[] {
  const { keyword, json, heredocs, arguments: joined } = instruction;
  if (!runsCode(instruction)) return [];
  const common = { program: state.program, options: state.options, variables: state.names.view() };
  if (json) return instruction.words.length === 0 ? [] : [execBody(instruction.words, common)];
  const command = keyword === "HEALTHCHECK" ? behindFirstWord(joined) : joined;
  if (command.text === "") return [];
  const [only] = heredocs;
  if (only === undefined) return [shellBody({ ...command, ...common, form: "shell" })];
  if (heredocs.length === 1 && isWholeCommand(command, only)) {
    return [shellBody({ ...joinedBody(text, only), ...common, form: "heredoc" })];
  }
  const body = shellBody({ ...withHeredocs(text, heredocs, command), ...common, form: "shell" });
  return [body, ...fedShells(text, heredocs, body)];
}

function runsCode({ keyword, healthcheck }: Instruction): boolean {
  switch (keyword) {
    case "RUN":
    case "CMD":
    case "ENTRYPOINT":
      return true;
    case "HEALTHCHECK":
      return healthcheck === "CMD";
    default:
      return false;
  }
}

function behindFirstWord(joined: JoinedText): JoinedText {
  const { text } = joined;
  let end = 0;
  while (end < text.length && !isSpace(text.charCodeAt(end))) end += 1;
  return dropStart(joined, skipSpaces(text, end));
}

/** True if the command is the mark and no more: the body itself is the script (moby/buildkit, dispatchRun). */
function isWholeCommand({ text, origin }: JoinedText, { range }: Heredoc): boolean {
  return text !== "" && origin(0) === range.start && origin(text.length - 1) + 1 === range.end;
}

/** The command with the bodies of its heredocs and their ends behind it, as the builder hands it to the shell. */
function withHeredocs(text: string, heredocs: readonly Heredoc[], command: JoinedText): JoinedText {
  const pieces = heredocs.flatMap(({ bodyRange, closed, chomp, name }) => {
    const before = text.lastIndexOf("\n", bodyRange.start - 1);
    const feed = before === -1 ? [] : [{ start: before, end: before + 1 }];
    const body = scriptPieces(text, bodyRange, chomp);
    if (!closed) return [...feed, ...body];
    let end = bodyRange.end;
    if (chomp) while (text.charCodeAt(end) === 9) end += 1;
    return [...feed, ...body, { start: end, end: end + name.length }];
  });
  const rest = joinPieces(text, pieces);
  const length = command.text.length;
  return {
    text: command.text + rest.text,
    origin: (offset) => (offset < length ? command.origin(offset) : rest.origin(offset - length)),
  };
}
