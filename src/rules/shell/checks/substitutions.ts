import type { Command, CommandExpansionPart, Word } from "unbash";
import { isCommandWord, isUnsplit } from "../context.ts";
import type { CallCheck } from "../calls.ts";
import { brief, commandName, hasGlob, onlyCommand, partsOf } from "../tree.ts";
import { around, parentOf, report, type Check } from "../visit.ts";
import type { ShellFix } from "../issue.ts";

/** Print numbers one by one, to be split. */
const PRINTS_WORDS = new Set(["seq", "pgrep"]);

/** SC2046, SC2006, SC2116: `$(…)` and backquotes. */
export const substitutions: Check = {
  CommandExpansion: (node, visit) => {
    const empty = (node.script?.commands.length ?? 0) === 0;
    if (empty) return;
    const inner = onlyCommand(node);
    const name = inner === null ? null : commandName(inner);
    if (node.text.startsWith("`")) {
      report(
        visit,
        2006,
        node,
        "backquotes are hard to nest and to escape in; $(…) is neither",
        modern(node),
      );
    }
    if (inner !== null && name === "echo" && isPlainEcho(inner)) {
      report(
        visit,
        2116,
        node,
        `${brief(node.text)} starts a shell only to echo what could stand there itself`,
      );
    }
    const parent = parentOf(visit);
    if (parent?.type === "DoubleQuoted" || isUnsplit(visit)) return;
    if (name !== null && PRINTS_WORDS.has(name)) return;
    const command = parentOf(visit, 1);
    if (parent?.type === "Word" && parent.parts?.length === 1 && isCommandWord(parent, command)) return;
    report(
      visit,
      2046,
      node,
      `what ${brief(node.text)} prints is split at blanks and matched against file names`,
      {
        title: "Put the substitution in double quotes",
        safety: "unsafe",
        edits: around(node, '"'),
      },
      choosesWords(node),
    );
  },
};

/** `$(test x && echo --flag)`: words that are there or not, which quotes would turn into an empty one. */
function choosesWords({ script }: CommandExpansionPart): boolean {
  const command = script?.commands.at(-1)?.command;
  return command?.type === "AndOr" || command?.type === "If" || command?.type === "Case";
}

function modern(node: CommandExpansionPart): ShellFix | undefined {
  if (node.text.slice(1, -1).includes("\\") || !node.text.endsWith("`")) return undefined;
  return {
    title: "Write $(…)",
    safety: "safe",
    edits: [
      { start: node.pos, end: node.pos + 1, text: "$(" },
      { start: node.end - 1, end: node.end, text: ")" },
    ],
  };
}

/** Echo of words that the shell would pass on as they are. */
function isPlainEcho({ args }: Command): boolean {
  const [first] = args;
  if (first === undefined || first.text.startsWith("-")) return false;
  return args.every(
    (arg) =>
      arg.type === "Word" &&
      !hasGlob(arg) &&
      soleSubstitution(arg) === null &&
      !partsOf(arg).some(({ type }) => type === "BraceExpansion"),
  );
}

/** SC2005: `echo $(cmd)` prints what `cmd` prints. */
export const uselessEcho: CallCheck = ({ args }, visit) => {
  const [only] = args;
  if (args.length !== 1 || only?.node.type !== "Word") return;
  const part = soleSubstitution(only.node);
  const commands = part?.script?.commands;
  if (commands?.length !== 1 || part === null) return;
  const inner = onlyCommand(part);
  if (inner !== null && inner.name === undefined) return; // `$(< file)`
  report(visit, 2005, only, `echo of ${brief(only.node.text)}: the command prints the same by itself`);
};

/** The substitution that a word consists of, in quotes or not. */
function soleSubstitution(word: Word): CommandExpansionPart | null {
  let part = word.parts?.length === 1 ? word.parts[0] : undefined;
  if (part?.type === "DoubleQuoted") part = part.parts.length === 1 ? part.parts[0] : undefined;
  return part?.type === "CommandExpansion" ? part : null;
}
