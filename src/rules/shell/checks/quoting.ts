import type { ParameterExpansionPart, SimpleExpansionPart, SyntaxNode } from "unbash";
import { isCommandWord, isUnsplit } from "../context.ts";
import { followValues } from "../flow/flow.ts";
import { isAlwaysWord, type Status } from "../flow/status.ts";
import type { ShellFix } from "../issue.ts";
import { brief, commandName, expansion, isArrayExpansion, literal, type Expansion } from "../tree.ts";
import { around, parentOf, report, slot, type Check, type Visit } from "../visit.ts";

/** Names of variables that hold a list of words. */
const LISTS = /(?:FLAGS?|OPTS?|OPTIONS|ARGS?|PACKAGES|PKGS?|DEPS|DEPENDENCIES|LIST|ITEMS|MODULES|[^SUOI]S)$/i;
/** Names of variables that hold one word. */
const WORDS =
  /(?:^\d+|VERSION|VER|DIR|DIRECTORY|FOLDER|PATH|URL|URI|FILE|FILENAME|HOME|NAME|ARCH|ROOT|USER|GROUP|UID|GID|PORT|HOST|SHA\d*|HASH|DIGEST|TAG|BRANCH|COMMIT|REVISION|PREFIX|PLATFORM)$/i;
/** Take one word, or the first of several. */
const TAKES_ONE = new Set(["[", "test", "cd", "exit", "return", "shift", "source", "."]);

interface Waiting extends Pick<Visit, "source" | "local"> {
  found: Expansion;
  /** Where it stands: within a longer word, where one word is taken, or as a whole argument. */
  place: "part" | "one" | "whole";
}

interface Noted {
  /** Unquoted expansions that may be more than one word, to be judged when all assignments were seen. */
  waiting: Waiting[];
  /** Variables of loops: one word at a time. */
  loops: Set<string>;
  /** Variables that are given a text of several words here. */
  lists: Set<string>;
}

const noted = slot<Noted>(() => ({ waiting: [], loops: new Set(), lists: new Set() }));

/** SC2086, SC2048, SC2068: variables without quotes. */
export const quoting: Check = {
  SimpleExpansion: unquoted,
  ParameterExpansion: unquoted,
  For: ({ name }, visit) => {
    noted(visit).loops.add(name.text);
  },
  Assignment: ({ name, value }, visit) => {
    const text = value.type === "Word" ? literal(value) : null;
    if (text !== null && /\S\s+\S/.test(text)) noted(visit).lists.add(name);
  },
  end: judgeWaiting,
};

function unquoted(node: SimpleExpansionPart | ParameterExpansionPart, visit: Visit): void {
  const found = expansion(node);
  const parent = parentOf(visit);
  if (parent?.type === "DoubleQuoted" || isUnsplit(visit, true)) return;
  if (isArrayExpansion(found)) {
    if (found.operator !== "+" && found.operator !== ":+") {
      report(
        visit,
        2068,
        node,
        `${brief(node.text)} without quotes: its elements are split again at blanks`,
        {
          title: `Put ${brief(node.text)} in double quotes`,
          safety: "unsafe",
          edits: around(node, '"'),
        },
      );
    }
    return;
  }
  if (found.length || isAlwaysWord(found.name) || isAlternative(found)) return;
  const whole = parent?.type === "Word" && parent.parts?.length === 1;
  if ((found.name === "*" || found.index === "*") && whole) {
    report(
      visit,
      2048,
      node,
      `${brief(node.text)} without quotes loses where its elements end; "$@" keeps them`,
    );
  }
  if (isUnsplit(visit)) return;
  const command = parentOf(visit, 1);
  if (parent?.type === "Word" && command?.type === "Command") {
    if (whole && isCommandWord(parent, command)) return;
    if (command.name === parent && parent.text.startsWith(`${node.text}=`)) return; // SC2281
    const name = commandName(command);
    if (name === "let" || (name === ":" && (found.operator === ":=" || found.operator === "="))) return;
  }
  const one = command?.type !== "Command" || TAKES_ONE.has(commandName(command) ?? "");
  noted(visit).waiting.push({
    found,
    source: visit.source,
    local: visit.local,
    place: whole ? (one ? "one" : "whole") : "part",
  });
}

/** `${x:+…}`: what is expanded is the word behind `+`. */
function isAlternative({ operator }: Expansion): boolean {
  return operator === "+" || operator === ":+";
}

function judgeWaiting(visit: Visit): void {
  const notes = noted(visit);
  const { script, variables } = visit.body;
  if (notes.waiting.length === 0 || script === null) return;
  const words = visit.options.builderVariablesAreWords;
  const initial = (name: string): Status => (words && variables.has(name) ? "clean" : "dirty");
  const values = followValues(script, initial);
  for (const { found, place, source, local } of notes.waiting) {
    const status = values.get(found.node as SyntaxNode) ?? "dirty";
    if (status === "clean" && found.index === null) continue;
    const list = notes.lists.has(found.name) || LISTS.test(found.name);
    const safe = !list && (place !== "whole" || notes.loops.has(found.name) || WORDS.test(found.name));
    report(
      { ...visit, source, local },
      2086,
      found,
      `${brief(found.node.text)} without quotes is split at blanks and matched against file names`,
      quotes(found, safe),
      !safe && place === "whole", // `apk add $deps`: whoever splits a value writes it like that
    );
  }
}

/** Quoting is safe where one word must be meant: a list would be broken by it. */
function quotes(found: Expansion, safe: boolean): ShellFix {
  return {
    title: `Put ${brief(found.node.text)} in double quotes`,
    safety: safe ? "safe" : "unsafe",
    edits: around(found, '"'),
  };
}
