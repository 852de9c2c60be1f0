import { parse, type ParsedScript } from "unbash";
import type { ShellBody } from "#model/evidence/shell.ts";
import { simpleCommands } from "./commands.ts";
import { dialectOf, isReadable, shebang } from "./dialect.ts";

/** Shell code as an instruction holds it. */
export interface ShellSource {
  /** The code as the shell gets it; continued lines may be joined or kept as backslash and line end. */
  text: string;
  /** Offset in the file of each offset in `text` (0..length). */
  origin(offset: number): number;
  /** First word of SHELL in force, `/bin/sh` without. */
  program: string;
  /** Arguments of SHELL behind the program. */
  options: readonly string[];
  /** Variables that the builder sets. */
  variables: ReadonlySet<string>;
  form: ShellBody["form"];
}

/**
 * Reads shell code: which dialect it is in, its tree, and the simple commands in it. A `#!` line at the start of a
 * heredoc's body decides over SHELL, since the builder then runs the body as a file of its own.
 */
export function shellBody(source: ShellSource): ShellBody {
  const { text, origin, variables, form } = source;
  const own = form === "heredoc" ? shebang(text) : null;
  const { program, options } = own ?? source;
  const dialect = dialectOf(program, options);
  const body = { text, origin, dialect, program, options, variables, form };
  if (!isReadable(dialect)) return { ...body, script: null, commands: [] };
  if (isTooDeep(text)) return { ...body, script: unread("nested too deep"), commands: [] };
  try {
    const script = parse(text);
    return { ...body, script, commands: simpleCommands(script, origin) };
  } catch {
    // the parser promises not to throw; the tree is read while it is walked, on the stack
    return { ...body, script: unread("nested too deep"), commands: [] };
  }
}

const MOST_DEPTH = 200; // the parser's own bound is 256
const MOST_SUBSTITUTIONS = 10_000;
const MOST_HEREDOCS = 500; // each is looked for in all that follows
const SUBSTITUTION = /[$<>@]\(|\$\{/g;
const HEREDOC = /<</g;

/** Text that nobody writes, and on which the parser would take its time, which grows with length times depth. */
function isTooDeep(text: string): boolean {
  if (text.length < MOST_DEPTH * 2) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 40 || code === 123) {
      if (++depth > MOST_DEPTH) return true; // ( {
    } else if ((code === 41 || code === 125) && depth > 0) depth--; // ) }
  }
  return occurs(text, SUBSTITUTION, MOST_SUBSTITUTIONS) || occurs(text, HEREDOC, MOST_HEREDOCS);
}

function occurs(text: string, pattern: RegExp, times: number): boolean {
  let count = 0;
  for (pattern.lastIndex = 0; pattern.test(text);) if (++count > times) return true;
  return false;
}

function unread(message: string): ParsedScript {
  return { type: "Script", pos: 0, end: 0, shebang: undefined, commands: [], errors: [{ message, pos: 0 }] };
}
