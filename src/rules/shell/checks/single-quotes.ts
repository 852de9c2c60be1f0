import type { Command, SyntaxNode } from "unbash";
import { callOf } from "../calls.ts";
import { report, type Check, type Visit } from "../visit.ts";

/** What looks like an expansion. */
const EXPANSION = /\$[{(0-9A-Za-z_]|`[^`]+`/;
/** Addresses and commands of sed(1): `$d`, `$!N`, `${p}`. */
const SED_ADDRESS = /\$[{dpsaic](?:$|[^A-Za-z])/;

/** Programs that take code with `$` of its own, or text that a shell reads later. */
const TAKES_CODE = new Set([
  "alias",
  "bash",
  "docker",
  "doas",
  "dpkg-query",
  "eval",
  "git filter-branch",
  "jq",
  "ksh",
  "let",
  "podman",
  "rename",
  "rg",
  "run0",
  "sh",
  "ssh",
  "sudo",
  "trap",
  "unset",
  "xprop",
  "zsh",
]);
/** Variables that the shell expands each time it uses them: bash(1), "PROMPTING". */
const EXPANDED_LATER = new Set(["PS1", "PS2", "PS3", "PS4", "PROMPT_COMMAND"]);
const MOST_ARGUMENTS = 200;
const RUNS = new Set(["-exec", "-execdir", "-ok", "-okdir"]);

/** SC2016: expansions in single quotes, where they are plain text. */
export const singleQuotes: Check = {
  SingleQuoted: (node, visit) => {
    const found = EXPANSION.exec(node.value);
    if (found === null) return;
    const command = holder(visit);
    if (command === "later") return;
    const name = command === null ? null : programOf(command, node.pos);
    if (name !== null) {
      if (TAKES_CODE.has(name) || name.endsWith("awk") || name.startsWith("perl")) return;
      if (name === "sed" && SED_ADDRESS.test(node.value)) return;
      if (name === "[" && command?.args[0]?.text === "-v") return;
    }
    report(
      visit,
      2016,
      node,
      `${node.value.slice(found.index, found.index + 20)} in single quotes is not expanded`,
    );
  },
};

/** The command that the quotes are an argument of, if there is one; `later` if what they set is expanded then. */
function holder({ path }: Visit): Command | null | "later" {
  for (let at = path.length - 1; at >= 0; at--) {
    const node = path[at] as SyntaxNode;
    if (node.type === "Assignment" && EXPANDED_LATER.has(node.name)) return "later";
    if (node.type === "Command") return node;
    if (node.type === "Script" || node.type === "CompoundList") return null;
  }
  return null;
}

/** The program that reads the quotes: that of `find -exec`, or the command's own. */
function programOf(command: Command, at: number): string | null {
  const { name, args } = callOf(command);
  if (name === "find" && args.length <= MOST_ARGUMENTS) {
    const before = args.filter(({ end }) => end <= at).map(({ text }) => text);
    const runs = before.findLastIndex((text) => text !== null && RUNS.has(text));
    if (runs !== -1) return before[runs + 1] ?? name;
  }
  if (name === "git" && args[0]?.text === "filter-branch") return "git filter-branch";
  return name;
}
