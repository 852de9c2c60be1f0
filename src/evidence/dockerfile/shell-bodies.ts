import type { Dockerfile, Heredoc, Instruction, JoinedText } from "#model/evidence/dockerfile.ts";
import type { ShellBody } from "#model/evidence/shell.ts";
import { shellBody } from "../shell/body.ts";
import { execBody } from "../shell/exec.ts";
import { dropStart, joinPieces } from "./joined.ts";
import { joinedBody } from "./heredocs.ts";
import { parseReference } from "./reference.ts";

/** The shell that a stage's instructions are run by, and the variables it finds. */
interface ShellState {
  program: string;
  options: readonly string[];
  variables: Set<string>;
}

// Set for every RUN by the builder (Dockerfile reference, "Predefined ARGs").
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
const SHELL_PRAGMA = /^hadolint\s+shell\s*=\s*(\S+)/;
const WINDOWS_IMAGE = /(?:^|\/)windows\/|windowsservercore|nanoserver/i;

/**
 * Finds the shell code of every instruction and reads it, in the shell that is in force there: SHELL, the shebang
 * of a heredoc, a pragma, or the default of the image's system.
 */
export function attachShell(dockerfile: Dockerfile): void {
  const pragmas = shellPragmas(dockerfile);
  const initial = pragmas.find(({ at }) => at < (dockerfile.stages[0]?.from.range.start ?? Infinity))?.program;
  const states: ShellState[] = [];
  for (const stage of dockerfile.stages) {
    const before = stage.base === null ? undefined : states[stage.base];
    const windows = dockerfile.escape === "`" || WINDOWS_IMAGE.test(stage.image?.text ?? "");
    const state: ShellState =
      before === undefined
        ? {
            program: initial ?? (windows ? "cmd" : "/bin/sh"),
            options: windows ? ["/S", "/C"] : ["-c"],
            variables: new Set(PROXIES),
          }
        : { ...before, variables: new Set(before.variables) };
    states.push(state);
    const end = dockerfile.stages[stage.index + 1]?.from.range.start ?? Infinity;
    const here = pragmas.filter(({ at }) => at > stage.from.range.start && at < end);
    for (const instruction of stage.instructions) {
      while (here[0] !== undefined && here[0].at < instruction.range.start) {
        state.program = (here.shift() as { program: string }).program;
      }
      advance(dockerfile, instruction, state);
    }
  }
  const first = dockerfile.stages[0]?.from.index ?? dockerfile.instructions.length;
  const stray: ShellState = { program: initial ?? "/bin/sh", options: ["-c"], variables: new Set(PROXIES) };
  for (const instruction of dockerfile.instructions.slice(0, first)) advance(dockerfile, instruction, stray);
}

function shellPragmas({ comments }: Dockerfile): { at: number; program: string }[] {
  return comments.flatMap(({ text, range }) => {
    const program = SHELL_PRAGMA.exec(text)?.[1];
    return program === undefined ? [] : [{ at: range.start, program }];
  });
}

function advance(dockerfile: Dockerfile, instruction: Instruction, state: ShellState): void {
  const { keyword, words, json, pairs, trigger } = instruction;
  if (keyword === "SHELL" && json && words[0] !== undefined) {
    state.program = words[0].value;
    state.options = words.slice(1).map(({ value }) => value);
  }
  if (keyword === "ARG" || keyword === "ENV") for (const { name } of pairs) state.variables.add(name.value);
  instruction.shell = bodiesOf(dockerfile, instruction, state);
  if (trigger !== null) {
    trigger.shell = bodiesOf(dockerfile, { ...trigger, heredocs: instruction.heredocs }, state);
  }
}

function bodiesOf(dockerfile: Dockerfile, instruction: Instruction, state: ShellState): ShellBody[] {
  const { keyword, json, heredocs, healthcheck } = instruction;
  const runs =
    keyword === "RUN" || keyword === "CMD" || keyword === "ENTRYPOINT" || (keyword === "HEALTHCHECK" && healthcheck === "CMD");
  if (!runs || instruction.arguments.text.trim() === "") return [];
  // The set is copied only when it grows: bodies of neighbours may share one.
  const common = { program: state.program, options: state.options, variables: new Set(state.variables) };
  if (json) return [execBody(instruction.words, common)];
  const command = commandOf(instruction);
  if (keyword !== "RUN" || heredocs.length === 0) return [shellBody({ ...command, ...common, form: "shell" })];
  const { text } = dockerfile;
  const [only] = heredocs;
  if (heredocs.length === 1 && only !== undefined && isAlone(command, only)) {
    return [shellBody({ ...joinedBody(text, only), ...common, form: "heredoc" })];
  }
  return [
    shellBody({ ...withHeredocs(dockerfile, instruction, command), ...common, form: "shell" }),
    ...heredocs.flatMap((heredoc) => fedShell(dockerfile, instruction, heredoc, common)),
  ];
}

function commandOf({ keyword, arguments: joined }: Instruction): JoinedText {
  if (keyword !== "HEALTHCHECK") return joined;
  const skipped = /^\S*\s*/.exec(joined.text)?.[0].length ?? 0;
  return dropStart(joined, skipped);
}

/** True if the whole command is the mark: the body itself is the script (Dockerfile reference, "Here-Documents"). */
function isAlone({ text }: JoinedText, { name }: Heredoc): boolean {
  const match = /^\d*<<-?\s*(\S+)$/.exec(text.trim());
  return match !== null && (match[1] ?? "").replaceAll(/["'\\]/g, "") === name;
}

/** The command with its heredocs behind it, as the builder hands it to the shell. */
function withHeredocs({ text }: Dockerfile, { heredocs, headRange }: Instruction, command: JoinedText): JoinedText {
  const last = heredocs.at(-1) as Heredoc;
  const lines = text.slice(headRange.end, last.bodyRange.end);
  const mark = last.closed ? text.slice(last.bodyRange.end).split(/\r?\n/, 1)[0] ?? "" : "";
  const tail = { start: headRange.end, end: headRange.end + lines.length + mark.length };
  const rest = joinPieces(text, [tail]);
  const length = command.text.length;
  return {
    text: command.text + rest.text.replaceAll("\r\n", " \n"),
    origin: (offset) => (offset < length ? command.origin(offset) : rest.origin(offset - length)),
  };
}

/** A heredoc that feeds a shell: `bash <<EOF`, `sh -eux <<'EOF'`. */
function fedShell(
  { text }: Dockerfile,
  { arguments: joined }: Instruction,
  heredoc: Heredoc,
  common: Pick<ShellBody, "program" | "options" | "variables">,
): ShellBody[] {
  const before = joined.text.slice(0, Math.max(joined.text.indexOf("<<"), 0));
  const match = /(?:^|[;&|(]\s*)((?:\/usr)?(?:\/bin\/)?(?:ba|da|k|a)?sh)(?:\s+-\S+)*\s*$/.exec(before);
  if (match === null || !heredoc.quoted) return [];
  return [shellBody({ ...joinedBody(text, heredoc), ...common, program: match[1] ?? "sh", form: "heredoc" })];
}

/** For tests: true if an image is one of Windows. */
export function isWindowsImage(image: string): boolean {
  return WINDOWS_IMAGE.test(parseReference(image).text);
}
