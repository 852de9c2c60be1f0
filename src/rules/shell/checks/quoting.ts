import type { ParameterExpansionPart, SimpleExpansionPart, SyntaxNode } from "unbash";
import { isCommandWord, isUnsplit } from "../context.ts";
import { followValues } from "../flow/flow.ts";
import { isAlwaysWord, type Status } from "../flow/status.ts";
import { brief, commandName, expansion, isArrayExpansion, type Expansion } from "../tree.ts";
import { around, parentOf, report, type Check, type Visit } from "../visit.ts";
import type { ShellFix } from "../issue.ts";

/** Variables whose value is meant to be a list of words, by their name. */
const LISTS = /(?:FLAGS|OPTS?|OPTIONS|ARGS|PACKAGES|PKGS|DEPS|DEPENDENCIES|LIST|ITEMS|MODULES|S)$/i;

/** Unquoted expansions that may be more than one word, to be judged when all assignments were seen. */
const waiting = new WeakMap<Visit, Waiting[]>();

interface Waiting extends Pick<Visit, "source" | "local"> {
  found: Expansion;
}

/** SC2086, SC2048, SC2068: variables without quotes. */
export const quoting: Check = {
  SimpleExpansion: unquoted,
  ParameterExpansion: unquoted,
  end: judgeWaiting,
};

function unquoted(node: SimpleExpansionPart | ParameterExpansionPart, visit: Visit): void {
  const found = expansion(node);
  const parent = parentOf(visit);
  if (parent?.type === "DoubleQuoted" || isUnsplit(visit, true)) return;
  if (isArrayExpansion(found)) {
    if (found.operator !== "+" && found.operator !== ":+") {
      report(visit, 2068, node, `${brief(node.text)} without quotes: its elements are split again at blanks`);
    }
    return;
  }
  if (found.length || isAlwaysWord(found.name) || isAlternative(found)) return;
  if ((found.name === "*" || found.index === "*") && parent?.type === "Word" && parent.parts?.length === 1) {
    report(
      visit,
      2048,
      node,
      `${brief(node.text)} without quotes loses where its elements end; "$@" keeps them`,
    );
  }
  if (isUnsplit(visit)) return;
  if (parent?.type === "Word" && parent.parts?.length === 1 && isCommandWord(parent, parentOf(visit, 1))) {
    return;
  }
  const command = parentOf(visit, 1);
  if (parent?.type === "Word" && command?.type === "Command") {
    if (command.name === parent && parent.text.startsWith(`${node.text}=`)) return; // SC2281
    const name = commandName(command);
    if (name === "let" || (name === ":" && (found.operator === ":=" || found.operator === "="))) return;
  }
  const list = waiting.get(visit);
  const entry = { found, source: visit.source, local: visit.local };
  if (list === undefined) waiting.set(visit, [entry]);
  else list.push(entry);
}

/** `${x:+…}`: what is expanded is the word behind `+`. */
function isAlternative({ operator }: Expansion): boolean {
  return operator === "+" || operator === ":+";
}

function judgeWaiting(visit: Visit): void {
  const list = waiting.get(visit);
  const { script, variables } = visit.body;
  if (list === undefined || script === null) return;
  const words = visit.options.builderVariablesAreWords;
  const initial = (name: string): Status => (words && variables.has(name) ? "clean" : "dirty");
  const values = followValues(script, initial);
  for (const { found, source, local } of list) {
    const status = values.get(found.node as SyntaxNode) ?? "dirty";
    if (status !== "clean" || found.index !== null) {
      report(
        { ...visit, source, local },
        2086,
        found,
        `${brief(found.node.text)} without quotes is split at blanks and matched against file names`,
        quotes(found),
        LISTS.test(found.name),
      );
    }
  }
}

function quotes(found: Expansion): ShellFix {
  return {
    title: `Put ${brief(found.node.text)} in double quotes`,
    safety: LISTS.test(found.name) ? "unsafe" : "safe",
    edits: around(found, '"'),
  };
}
