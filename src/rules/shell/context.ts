import type { SyntaxNode } from "unbash";
import { literal } from "./tree.ts";
import type { Visit } from "./visit.ts";

/**
 * Whether what is expanded at the node at hand is neither split nor matched against files: within quotes, heredocs,
 * arithmetic, `[[ ]]`, `case`, other expansions, and assignments where the shell reads them as such.
 *
 * @param strict also the list of `for`, where splitting may be meant, counts as no such place
 */
export function isUnsplit({ path, dialect }: Visit, strict = false): boolean {
  for (let at = path.length - 1; at >= 0; at--) {
    const node = path[at] as SyntaxNode;
    switch (node.type) {
      case "DoubleQuoted":
      case "LocaleString":
      case "HereDocBody":
      case "ParameterExpansion":
      case "ArithmeticExpansion":
      case "ArithmeticCommand":
      case "ArithmeticFor":
      case "TestCommand":
      case "Case":
      case "CaseItem":
        return true;
      case "For":
      case "Select":
        return !strict;
      case "Assignment": {
        const parent = path[at - 1];
        // one before the name is an assignment in every shell
        if (parent?.type !== "Command" || parent.name === undefined || node.pos < parent.name.pos)
          return true;
        return dialect !== "sh"; // dash and the others read `export x=$y` as an assignment
      }
      case "Command":
      case "Redirect":
      case "HereString":
      case "Script":
      case "CompoundList":
      case "ProcessSubstitution":
        return false;
    }
  }
  return false;
}

const RUNS_NEXT = new Set(["exec", "command", "builtin", "time", "run"]);

/** Whether the word at the end of the path is what its command runs: `$x a`, `exec $x`. */
export function isCommandWord(word: SyntaxNode, command: SyntaxNode | undefined): boolean {
  if (command?.type !== "Command") return false;
  if (command.name === word) return true;
  const name = literal(command.name);
  if (name === null || !RUNS_NEXT.has(name)) return false;
  const first = command.args.find((arg) => !(arg.type === "Word" && arg.text.startsWith("-")));
  return first === word;
}
