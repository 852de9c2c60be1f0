import type { Command, WordPart } from "unbash";
import { callOf, flagsOf, flatOf, hasFlag, type Call } from "../calls.ts";
import { hasGlob, partsOf } from "../tree.ts";
import { report, type Check, type Visit } from "../visit.ts";

/** Read nothing from their input: found by trying them. */
const READS_NOTHING = new Set(
  `alias basename bg cal cd chgrp chmod chown cp du echo export fg fuser getconf getopts ipcrm ipcs jobs kill ln
  locale ls mv printf ps pwd renice rm rmdir set sleep touch trap ulimit unalias uname`.split(/\s+/),
);

/** SC2002, SC2009–SC2012, SC2038, SC2126, SC2216: what does not go together in a pipeline. */
export const pipelines: Check = {
  Pipeline: (node, visit) => {
    if (node.commands.length < 2) return;
    const calls = node.commands.map((command) => (command.type === "Command" ? callOf(command) : null));
    uselessCat(calls[0] ?? null, visit);
    for (const [at, call] of calls.entries()) {
      if (at > 0 && call !== null) readsNothing(call, visit);
      const next = calls[at + 1];
      if (call?.name != null && at + 1 < calls.length) pair(call, next ?? null, visit);
    }
  },
  Command: (node, visit) => {
    const input = node.redirects.find(
      (one) =>
        (one.type === "Redirect" && one.operator === "<") ||
        one.type === "HereDoc" ||
        one.type === "HereString",
    );
    if (input === undefined || node.name === undefined) return;
    const call = callOf(node);
    if (call.name !== null && READS_NOTHING.has(call.name) && !feedsItself(node)) {
      report(visit, 2217, node, `${call.name} does not read what is redirected into it`);
    }
  },
};

function readsNothing(call: Call, visit: Visit): void {
  if (call.name === null || !READS_NOTHING.has(call.name) || feedsItself(call.node)) return;
  if (call.node.redirects.some((one) => one.type !== "Redirect")) return;
  report(visit, 2216, call.node, `${call.name} does not read what is piped into it; use xargs, or arguments`);
}

/** A substitution in its arguments reads the input instead. */
function feedsItself(node: Command): boolean {
  return node.args.some((arg) => {
    const word = arg.type === "Assignment" ? arg.value : arg;
    return word.type === "Word" && partsOf(word).some(reads);
  });
}

function reads(part: WordPart): boolean {
  if (part.type === "DoubleQuoted") return part.parts.some(reads);
  return part.type === "CommandExpansion" || part.type === "ProcessSubstitution";
}

function uselessCat(call: Call | null, visit: Visit): void {
  if (call?.name !== "cat" || call.args.length !== 1 || visit.options.release === "newest") return;
  const [only] = call.args;
  if (only?.node.type !== "Word" || flatOf(only).startsWith("-") || hasGlob(only.node)) return;
  const many = partsOf(only.node).some(
    (part) =>
      part.type === "BraceExpansion" ||
      part.type === "SimpleExpansion" ||
      part.type === "ParameterExpansion" ||
      (part.type === "DoubleQuoted" &&
        part.parts.some(({ type }) => type !== "Literal") &&
        /\$\{?@|\[@\]/.test(part.text)),
  );
  if (!many)
    report(visit, 2002, only, "cat of one file into a pipe: the next command can read the file itself");
}

function pair(call: Call, next: Call | null, visit: Visit): void {
  const { node, name } = call;
  const other = next?.name ?? null;
  if (name === "find" && other === "xargs" && next !== null) {
    const safe =
      flagsOf(next).some(({ name: flag }) => flag === "0" || flag === "null") ||
      call.args.some(({ text }) => text === "-print0" || text === "-printf");
    if (!safe)
      report(visit, 2038, node, "xargs splits names at blanks: -print0 with xargs -0, or find -exec … +");
  } else if (name === "ps" && other === "grep") {
    if (!hasFlag(call, "p", "pid", "q"))
      report(visit, 2009, node, "ps into grep also finds grep; pgrep does not");
  } else if (name === "ls") {
    if (other === "grep")
      report(visit, 2010, node, "names with unusual characters break in ls | grep; use a pattern");
    else if (other === "xargs")
      report(visit, 2011, node, "names with blanks break in ls | xargs; use find -exec or a pattern");
    else report(visit, 2012, node, "ls prints names for people: unusual ones break; use find or a pattern");
  } else if (name === "grep" && other === "wc" && next !== null) {
    const counts = hasFlag(
      call,
      "l",
      "files-with-matches",
      "L",
      "files-without-matches",
      "o",
      "only-matching",
      "r",
      "R",
      "recursive",
      "A",
      "B",
      "after-context",
      "before-context",
    );
    const lines = next.args.length === 1 && next.args[0]?.text === "-l";
    if (!counts && lines) report(visit, 2126, node, "grep -c counts by itself");
  }
}
