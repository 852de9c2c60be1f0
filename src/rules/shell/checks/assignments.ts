import type { Assignment, Command, Word } from "unbash";
import type { CallCheck } from "../calls.ts";
import { brief, flat } from "../tree.ts";
import { report, type Check, type Visit } from "../visit.ts";

const MADE: ReadonlySet<string> = new Set(["CommandExpansion", "ParameterExpansion", "SimpleExpansion"]);

/** SC1007, SC1097, SC2270–SC2284: assignments that are none. SC2206, SC2207: what an array is made of. */
export const assignments: Check = {
  Command: (node, visit) => {
    for (const [at, item] of node.prefix.entries()) {
      if (item.type !== "Assignment") continue;
      blankValue(item, node.prefix[at + 1] ?? node.name, visit);
      doubled(item, visit);
    }
    if (node.name !== undefined) judgeName(node, node.name, visit);
  },
  ArrayValue: (node, visit) => {
    for (const { parts } of node.elements) {
      for (const part of parts ?? []) {
        if (part.type === "CommandExpansion") {
          report(visit, 2207, part, `what ${brief(part.text)} prints is split into elements at blanks`);
        } else if (part.type === "SimpleExpansion" || part.type === "ParameterExpansion") {
          if (/^\$\{?(?:[@*?#!$-]|\w+\[[@*])/.test(part.text)) continue;
          report(visit, 2206, part, `${brief(part.text)} without quotes is split into elements at blanks`);
        }
      }
    }
  },
};

/** SC1007: `x= y` runs y with an empty x. */
function blankValue(
  item: Assignment,
  next: Command["prefix"][number] | Word | undefined,
  visit: Visit,
): void {
  const { value, name } = item;
  if (value.type !== "Word" || value.text !== "" || name === "IFS" || next === undefined) return;
  if (next.type !== "Word" && next.type !== "Assignment") return;
  if (!/^[ \t]+$/.test(visit.source.slice(value.end, next.pos))) return;
  report(
    visit,
    1007,
    { pos: value.end, end: value.end + 1 },
    `${name} becomes empty: a blank behind = ends the value`,
  );
}

/** SC1097: `x==y`. */
function doubled({ value }: Assignment, visit: Visit): void {
  if (value.type === "Word" && value.text.startsWith("=")) {
    report(
      visit,
      1097,
      { pos: value.pos, end: value.pos + 1 },
      "the value begins with =: an assignment takes one =",
    );
  }
}

function judgeName(node: Command, name: Word, visit: Visit): void {
  const [first] = node.args;
  const sign = first?.type === "Word" && first.parts === undefined ? first.text : "";
  if (sign.startsWith("=") && name.text !== "[" && name.text !== "[[") {
    if (node.prefix.some(({ type }) => type === "Assignment")) return;
    if (sign.startsWith("==")) {
      report(
        visit,
        2284,
        node,
        `${brief(name.text)} is run with == as its argument: a comparison stands in [ ]`,
      );
    } else if (first !== undefined) {
      report(
        visit,
        2283,
        first,
        `${brief(name.text)} is run with = as its argument: an assignment has no blanks around =`,
      );
    }
    return;
  }
  if (!name.text.includes("=")) return;
  const expanded = name.parts?.[0];
  if (expanded?.type === "SimpleExpansion" || expanded?.type === "ParameterExpansion") {
    const rest = name.text.slice(expanded.end - expanded.pos);
    if (/^\+?=/.test(rest) && /^\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})$/.test(expanded.text)) {
      report(
        visit,
        2281,
        expanded,
        `${brief(expanded.text)} is the value: to assign, write the name without $`,
        {
          title: "Write the name without $",
          safety: "unsafe",
          edits: [{ start: expanded.pos, end: expanded.end, text: expanded.text.replaceAll(/[${}]/g, "") }],
        },
      );
    } else if (/^\$\d+$/.test(expanded.text) && rest.startsWith("=")) {
      report(visit, 2270, expanded, "positional parameters are set with `set --`, not by assignment");
    }
    return;
  }
  // an equals sign outside of quotes
  const bare =
    name.parts === undefined || name.parts.some((part) => part.type === "Literal" && part.text.includes("="));
  if (!bare || /^[-=]/.test(name.text) || name.parts?.some(({ type }) => MADE.has(type)) === true) return;
  const text = flat(name);
  if (/^\d+=/.test(text)) {
    report(visit, 2270, name, "positional parameters are set with `set --`, not by assignment");
  } else if (/^\d+[A-Za-z_]\w*=/.test(text)) {
    report(visit, 2282, name, "the name of a variable cannot begin with a digit");
  } else if (!/^\w+\+\w+=/.test(text)) {
    report(
      visit,
      2276,
      name,
      `${brief(name.text)} is run as a command: its name is none that a variable can have`,
    );
  }
}

/** SC2290: `export x = y`. SC1007 of `export x= y`. */
export const declared: CallCheck = ({ args }, visit) => {
  for (const [at, { node }] of args.entries()) {
    if (node.type === "Word" && node.parts === undefined && node.text.startsWith("=")) {
      report(visit, 2290, node, "an assignment has no blanks around =");
    } else if (node.type === "Assignment") {
      const next = args[at + 1]?.node;
      if (next === undefined || (next.type === "Word" && next.text.startsWith("="))) continue;
      blankValue(node, next, visit);
    }
  }
};

/** SC2291: blanks between words that echo prints as one. */
export const echoBlanks: CallCheck = ({ node, args }, visit) => {
  for (const [at, { end }] of args.entries()) {
    const next = args[at + 1];
    if (next === undefined) return;
    const wide = next.pos - end >= 4 || (next.pos > end && visit.source[end] === "\t");
    if (wide && columns(visit.source, end, next.pos) >= 4 && !isContinued(visit, end, next.pos)) {
      report(visit, 2291, node, "the blanks between the words of echo become one; quote them to keep them");
      return;
    }
  }
};

/** Whether the builder joined two lines here: the blanks are the indentation of the second. ShellCheck cannot know. */
function isContinued({ body, local, options }: Visit, from: number, to: number): boolean {
  if (options.release === "0.9") return false;
  return body.origin(local(to)) - body.origin(local(from)) !== local(to) - local(from);
}

/** Width of a stretch of blanks, where a tab leads to the next eighth column; 0 if something else stands there. */
function columns(source: string, from: number, to: number): number {
  // where the line begins; far back only the width of a tab could tell
  const near = source.slice(Math.max(0, from - 400), from);
  const line = from - near.length + near.lastIndexOf("\n") + 1;
  let column = 0;
  for (let at = line; at < from; at++) column = source[at] === "\t" ? column + 8 - (column % 8) : column + 1;
  const start = column;
  for (let at = from; at < to; at++) {
    const character = source[at];
    if (character === " ") column++;
    else if (character === "\t") column += 8 - (column % 8);
    else return 0;
  }
  return column - start;
}
