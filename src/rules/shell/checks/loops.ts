import type { Word, WordPart } from "unbash";
import { brief, commandName, flat, hasGlob, isArrayExpansion, expansion, partsOf } from "../tree.ts";
import { report, type Check } from "../visit.ts";

const PRINTS_LINES = new Set(["awk", "cat", "cut", "egrep", "fgrep", "grep", "sed", "sort"]);

/** SC2013, SC2041–SC2045, SC2066, SC2231: what a `for` loops over. */
export const loops: Check = {
  For: (node, visit) => {
    const words = node.wordlist ?? [];
    for (const word of words) {
      if (!hasGlob(word)) continue;
      for (const part of partsOf(word)) {
        if (!isVariable(part) && part.type !== "CommandExpansion") continue;
        report(visit, 2231, part, `${brief(part.text)} within a pattern without quotes is split at blanks`);
      }
    }
    const [only] = words;
    if (words.length !== 1 || only === undefined) return;
    const substitution = only.parts?.length === 1 ? only.parts[0] : undefined;
    if (substitution?.type === "CommandExpansion") {
      const statement = substitution.script?.commands[0];
      if (substitution.script?.commands.length !== 1 || statement === undefined) return;
      const { command } = statement;
      const first = command.type === "Pipeline" ? command.commands[0] : command;
      if (first?.type !== "Command") return;
      const name = commandName(first);
      if (name === null) return;
      const alone = command.type !== "Pipeline";
      if (alone && name === "find") {
        report(
          visit,
          2044,
          substitution,
          "loops over the words that find prints, not over its files; use -exec or read lines",
        );
      } else if (alone && name === "ls") {
        report(visit, 2045, substitution, "loops over the words that ls prints; loop over a pattern instead");
      } else if (PRINTS_LINES.has(name) && (alone || substitution.text.startsWith("$"))) {
        report(visit, 2013, substitution, "loops over words, not over lines; read lines with a while loop");
      }
      return;
    }
    judgeSingle(only, visit);
  },
};

function judgeSingle(word: Word, visit: Parameters<typeof report>[0]): void {
  const part = word.parts?.length === 1 ? word.parts[0] : undefined;
  if (part?.type === "SingleQuoted") {
    report(visit, 2041, word, `${brief(word.text)} in single quotes is one word: the loop runs once`);
    return;
  }
  if (part?.type === "DoubleQuoted") {
    const split = part.parts.some(
      (child) =>
        child.type !== "Literal" &&
        child.type !== "ArithmeticExpansion" &&
        !(isVariable(child) && isArrayExpansion(expansion(child))),
    );
    const array = part.parts.some((child) => isVariable(child) && isArrayExpansion(expansion(child)));
    if (array) return;
    if (split || flat(word).includes("*")) {
      report(visit, 2066, word, `${brief(word.text)} in double quotes is one word: the loop runs once`);
      return;
    }
  }
  if (part === undefined && word.parts === undefined && word.text.includes(",")) {
    report(visit, 2042, word, `${brief(word.text)} is one word: words are separated by blanks, not commas`);
    return;
  }
  if (hasGlob(word) || partsOf(word).some(becomesWords)) return;
  report(visit, 2043, word, `${brief(word.text)} is one word: the loop runs once`);
}

function isVariable(
  part: WordPart,
): part is Extract<WordPart, { type: "SimpleExpansion" | "ParameterExpansion" }> {
  return part.type === "SimpleExpansion" || part.type === "ParameterExpansion";
}

function becomesWords(part: WordPart): boolean {
  switch (part.type) {
    case "SimpleExpansion":
    case "ParameterExpansion":
    case "CommandExpansion":
    case "BraceExpansion":
    case "ExtendedGlob":
    case "Glob":
      return true;
    case "DoubleQuoted":
      return part.parts.some((child) => isVariable(child) && isArrayExpansion(expansion(child)));
    default:
      return false;
  }
}
