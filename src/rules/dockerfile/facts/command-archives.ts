import type { Dockerfile, Instruction } from "#model/evidence/dockerfile.ts";
import type { ShellCommand } from "#model/evidence/shell.ts";
import type { Step } from "./command-calls.ts";
import { removeLines } from "./command-edits.ts";
import type { Edit } from "./command-report.ts";
import { absolutePath } from "./instruction-paths.ts";
import { stateBefore } from "./stage-state.ts";

const PLAIN = /^[\w@%+=:,./-]+$/;
/** Letters of tar that change nothing of what lies there afterwards: unpack, the file, its compression, talk. */
const HARMLESS = /^-?[xfzjJavpo]+$/;

/**
 * `COPY a.tar /x/` and `RUN tar -xf /x/a.tar -C /y` → `ADD a.tar /y/`, where the RUN does nothing else but remove
 * the archive; null where it does.
 *
 * @param step the next instruction of the same stage
 */
export function addInPlaceOf(dockerfile: Dockerfile, copy: Instruction, step: Step): Edit[] | null {
  const { instruction, run, calls } = step;
  const [source, target, more] = copy.words;
  if (
    source === undefined ||
    target === undefined ||
    more !== undefined ||
    copy.json ||
    copy.heredocs.length > 0
  )
    return null;
  if (instruction.keyword !== "RUN" || instruction.flags.length > 0 || calls.length > 2 || !isOneList(run))
    return null;
  const { workdir } = stateBefore(dockerfile, instruction);
  const written = absolutePath(stateBefore(dockerfile, copy).workdir, target.value);
  const name = source.value.slice(source.value.lastIndexOf("/") + 1);
  if (written === null || ![source, target].every(({ raw }) => PLAIN.test(raw))) return null;
  const archive =
    target.value.endsWith("/") || /^\.{1,2}$/.test(target.value) ? `${written}/${name}` : written;
  const [first, second] = calls;
  const folder = first === undefined ? null : unpackedInto(first.command, archive, workdir);
  if (folder === null || (second !== undefined && !removesOnly(second.command, archive, workdir)))
    return null;
  const removal = removeLines(dockerfile, instruction.range);
  if (removal === null) return null;
  return [
    { ...copy.keywordRange, text: "ADD" },
    { ...target.range, text: folder === "/" ? "/" : `${folder}/` },
    removal,
  ];
}

function isOneList({ shell }: Instruction): boolean {
  const [body] = shell;
  const list = body?.script?.commands;
  if (
    body?.form !== "shell" ||
    shell.length > 1 ||
    list?.length !== 1 ||
    (body.script?.errors?.length ?? 0) > 0
  )
    return false;
  const command = list[0]?.command;
  return (
    command?.type === "Command" ||
    (command?.type === "AndOr" && command.operators.every((sign) => sign === "&&"))
  );
}

/** The folder that tar unpacks all of the archive into; null where it does anything else. */
function unpackedInto(
  { name, args, redirects }: ShellCommand,
  archive: string,
  workdir: string | null,
): string | null {
  if (name !== "tar" || redirects.length > 0 || args.some((word) => !word.static)) return null;
  let folder: string | null = workdir;
  let file: string | null = null;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at]?.value ?? "";
    const next = args[at + 1]?.value ?? "";
    if (word === "-C" || word === "--directory") folder = absolutePath(workdir, next);
    else if (word === "-f" || word === "--file") file = absolutePath(workdir, next);
    else if (HARMLESS.test(word) && (word.startsWith("-") || at === 0)) {
      if (!word.includes("f")) continue;
      file = absolutePath(workdir, next);
    } else if (word === "--extract") continue;
    else return null;
    at += 1;
  }
  return file === archive && folder !== null && PLAIN.test(folder) ? folder : null;
}

function removesOnly({ name, args }: ShellCommand, archive: string, workdir: string | null): boolean {
  const [last, ...flags] = args.toReversed();
  return (
    name === "rm" &&
    last !== undefined &&
    absolutePath(workdir, last.value) === archive &&
    flags.every(({ value }) => /^-[rf]+$/.test(value))
  );
}
