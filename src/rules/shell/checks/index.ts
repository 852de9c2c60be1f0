import { type CallCheck, callChecks } from "../calls.ts";
import { checks } from "../visit.ts";
import { assignments, declared, echoBlanks } from "./assignments.ts";
import { bashCommand, builtinFlags, dot, execFlags, printfQuote, read, set, trap } from "./builtins.ts";
import { negated, notIfElse, redirectOrder } from "./chains.ts";
import { changeDirectory } from "./directories.ts";
import { cp, find, globAsFlag, mkdir, rm } from "./files.ts";
import { literals } from "./literals.ts";
import { loops } from "./loops.ts";
import { maskedReturns } from "./masked-returns.ts";
import { names } from "./names.ts";
import { pipelines } from "./pipelines.ts";
import { portability } from "./portability.ts";
import { echo, printf } from "./printing.ts";
import { oldGrep } from "./programs.ts";
import { quotes } from "./quotes.ts";
import { quoting } from "./quoting.ts";
import { singleQuotes } from "./single-quotes.ts";
import { substitutions, uselessEcho } from "./substitutions.ts";
import { syntax } from "./syntax.ts";
import { tests } from "./tests.ts";
import { variables } from "./variables.ts";

/** The same check for several commands. */
function each(commands: string, check: CallCheck): Record<string, CallCheck> {
  return Object.fromEntries(commands.split(" ").map((name) => [name, check]));
}

/** Every check, sorted for the walk. */
export const ALL_CHECKS = checks([
  syntax,
  tests,
  quoting,
  quotes,
  substitutions,
  singleQuotes,
  literals,
  assignments,
  variables,
  loops,
  notIfElse,
  negated,
  redirectOrder,
  pipelines,
  names,
  portability,
  callChecks(
    { "*": globAsFlag },
    { "*": execFlags },
    { echo, printf, rm, mkdir, cp, find, read, set, trap, ".": dot },
    { echo: uselessEcho, printf: printfQuote },
    { echo: echoBlanks },
    each("egrep fgrep", oldGrep),
    each("cd pushd popd", changeDirectory),
    each("export readonly declare typeset local", maskedReturns),
    each("export readonly declare typeset local let", declared),
    each("hash jobs export printf read readonly type ulimit unset wait", builtinFlags),
    each(
      "let source local declare typeset caller compgen complete dirs disown enable mapfile popd pushd readarray shopt suspend",
      bashCommand,
    ),
  ),
]);
