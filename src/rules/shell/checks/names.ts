import type { Assignment, Command } from "unbash";
import { brief, literal, unquotedLiteral } from "../tree.ts";
import { report, type Check } from "../visit.ts";

/** Programs of POSIX (XCU) whose name as a value is more likely `$(name)`; without those that are common values. */
const PROGRAMS = new Set(
  `admin alias ar asa at awk basename batch bc bg break c99 cal cat cd cflow chgrp chmod chown cksum cmp comm command
  compress continue cp crontab csplit ctags cut cxref date dd delta df diff dirname dot du echo ed env eval ex exec
  exit expand export expr fc fg file find fold fort77 fuser gencat get getconf getopts grep hash head iconv ipcrm ipcs
  jobs join kill lex link ln locale localedef logger logname lp ls m4 mailx make man mesg mkdir mkfifo more mv newgrp
  nice nl nm nohup od paste patch pathchk pax pr printf prs ps pwd qalter qdel qhold qmove qmsg qrerun qrls qselect
  qsig qstat qsub read readonly renice return rm rmdel rmdir sact sccs sed set sh shift sleep sort split strings strip
  stty tabs tail talk tee test time times touch tput tr trap tsort tty type ulimit umask unalias uname uncompress
  unexpand unget uniq unlink unset uucp uudecode uuencode uustat val vi wait wc what who write xargs yacc zcat`.split(
    /\s+/,
  ),
);

/** SC2209: `x=ls` is the text, not what ls prints. SC2211, SC2215, SC2286–SC2288: odd names of commands. */
export const names: Check = {
  Command: (node, visit) => {
    const [only] = node.prefix;
    if (node.prefix.length === 1 && only?.type === "Assignment") assignsProgram(node, only, visit);
    const { name } = node;
    if (name === undefined) return;
    if (name.parts?.some(({ type }) => type === "Glob") === true && name.text !== "[") {
      report(visit, 2211, name, `${brief(name.text)} is a pattern: whichever file it matches first is run`);
      return;
    }
    const text = literal(name);
    if (text === null) return;
    if (text === "" && name.parts !== undefined) {
      report(visit, 2286, name, "the name of the command is empty");
    } else if (node.prefix.length === 0 && unquotedLiteral(name)?.startsWith("-") === true) {
      report(visit, 2215, name, `${text} is run as a command: does the line before it lack a backslash?`);
    } else if (text.endsWith("/")) {
      report(visit, 2287, name, `${text} names a folder, not a command`);
    } else if (text.length > 1 || text === "%") {
      const last = text.at(-1) ?? "";
      if (ODD_END.has(last) && !name.text.endsWith(`\\${last}`)) {
        report(visit, 2288, name, `a command whose name ends with ${last} is run: was that meant?`);
      }
    }
  },
};

const ODD_END = new Set([",", ".", "%", "(", ")", "{", "}", "[", "]", "<", ">", "'", '"']);

function assignsProgram(
  node: Command,
  { value, pos, name, append }: Assignment,
  visit: Parameters<typeof report>[0],
): void {
  if (value.type !== "Word" || append === true || node.suffix.some(({ type }) => type === "Redirect")) return;
  const text = value.parts === undefined ? unquotedLiteral(value) : null;
  if (text === null || !PROGRAMS.has(text)) return;
  const at = node.name === undefined ? { pos, end: pos + name.length } : node;
  report(visit, 2209, at, `${name} becomes the text ${text}; $(${text}) would run it`);
}
