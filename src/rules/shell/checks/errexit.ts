import { type Command, forEachChild, type SyntaxNode } from "unbash";
import { commandName, literal } from "../tree.ts";
import { slot, type Visit } from "../visit.ts";

const known = slot<{ found: boolean | null }>(() => ({ found: null }));

/** Whether `set -e` stands somewhere in the script, which ends it at the first failure. */
export function hasErrexit(visit: Visit): boolean {
  const { body, options } = visit;
  return (known(visit).found ??=
    (body.script !== null && body.text.includes("set") && holds(body.script)) ||
    // ShellCheck sees the code only, not with which options the builder starts the shell
    (options.release === "newest" && byOptions(visit, body.options)));
}

function byOptions({ options: { builderVariablesAreWords } }: Visit, options: readonly string[]): boolean {
  if (builderVariablesAreWords) return false;
  return options.some(
    (option, at) =>
      /^-[a-z]*e/.test(option) || (option === "errexit" && options[at - 1]?.endsWith("o") === true),
  );
}

function holds(node: SyntaxNode): boolean {
  if (node.type === "Command" && isSetE(node)) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= holds(child);
  });
  return found;
}

function isSetE(node: Command): boolean {
  if (commandName(node) !== "set") return false;
  const all = node.args.map((arg) => (arg.type === "Word" ? literal(arg) : null));
  const end = all.indexOf("--");
  const texts = end === -1 ? all : all.slice(0, end);
  return texts.some(
    (text, at) =>
      (text !== null && /^-[A-Za-z]*e/.test(text)) ||
      (text === "errexit" && /^-[A-Za-z]*o$/.test(texts[at - 1] ?? "")),
  );
}
