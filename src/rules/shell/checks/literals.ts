import type { Word, WordPart } from "unbash";
import { parentOf, report, type Check, type Visit } from "../visit.ts";

/** Characters that a backslash before them is for. */
const ESCAPABLE = /[\s$`"'\\*?[\]{}();&|<>#~!.,@+]/;
const CONTROL: Readonly<Record<string, string>> = { n: "a line end", t: "a tab", r: "a carriage return" };
const SPECIAL = /[\\{}\u00a0\u00b4\u2018-\u201f]/;

/** SC1001, SC1012, SC1083: backslashes and braces that are plain text. SC1018, SC1077, SC1110: typographic signs. */
export const literals: Check = {
  Word: (node, visit) => {
    const { text } = node;
    if (!SPECIAL.test(text) || isOwnSyntax(node, visit)) return;
    if (node.parts === undefined) {
      // `\rm` is rm without an alias
      const skip = text.startsWith("\\") && isName(node, visit) ? 2 : 0;
      plain(text.slice(skip), node.pos + skip, visit);
    } else for (const part of node.parts) if (part.type === "Literal") plain(part.text, part.pos, visit);
  },
  DoubleQuoted: suspect,
  SingleQuoted: suspect,
};

function isName(node: Word, visit: Visit): boolean {
  const parent = parentOf(visit);
  return parent?.type === "Command" && parent.name === node;
}

/** Regular expressions of `[[ =~ ]]`, operands of `${…}`, indexes, names of functions. */
function isOwnSyntax(node: Word, visit: Visit): boolean {
  const parent = parentOf(visit);
  switch (parent?.type) {
    case "TestBinary":
      return parent.operator === "=~" && parent.right === node;
    case "Default":
    case "Remove":
    case "Replace":
    case "Slice":
    case "CaseModification":
    case "Transform":
    case "ParameterExpansion":
    case "Function":
      return true;
    case "Assignment":
      return parent.index === node;
    default:
      return false;
  }
}

function plain(text: string, pos: number, visit: Visit): void {
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    const one = { pos: pos + at, end: pos + at + 1 };
    if (character === "\\") {
      backslash(text[at + 1], { pos: one.pos, end: one.end + 1 }, visit);
      at++;
    } else if (character === "{" || character === "}") {
      if (!isBraces(text, at)) {
        report(visit, 1083, one, `this ${character} is plain text: quote it, or end the command before it`);
      }
    } else if (character > "\u007f") sign(character, one, visit);
  }
}

function backslash(next: string | undefined, at: { pos: number; end: number }, visit: Visit): void {
  if (next === undefined) return;
  if (Object.hasOwn(CONTROL, next)) {
    report(visit, 1012, at, `\\${next} without quotes is the letter ${next}, not ${CONTROL[next] ?? ""}`);
  } else if (!ESCAPABLE.test(next)) {
    report(visit, 1001, at, `\\${next} without quotes is just ${next}`);
  }
}

function sign(character: string, at: { pos: number; end: number }, visit: Visit): void {
  if (character === "\u00a0") {
    report(visit, 1018, at, "this blank is a no-break space, which separates nothing", {
      title: "Write a space",
      safety: "safe",
      edits: [{ start: at.pos, end: at.end, text: " " }],
    });
  } else if (character === "\u00b4") {
    report(visit, 1077, at, "´ is plain text: a command is substituted by $(…)");
  } else if (character >= "\u2018" && character <= "\u201f") {
    report(visit, 1110, at, `${character} is plain text: the shell quotes with ' and "`);
  }
}

/** `{}` stands for itself, as find and xargs have it. */
function isBraces(text: string, at: number): boolean {
  return text[at] === "{" ? text[at + 1] === "}" : text[at - 1] === "{";
}

const GOES_ON = /[A-Za-z0-9_%]/;

/** SC1078, SC1079: a string over lines, behind whose end text goes on: its quote was meant to begin one. */
function suspect(node: Extract<WordPart, { type: "DoubleQuoted" | "SingleQuoted" }>, visit: Visit): void {
  if (!node.text.includes("\n") || !GOES_ON.test(visit.source[node.end] ?? "")) return;
  report(visit, 1078, { pos: node.pos, end: node.pos + 1 }, "does this quote lack its end on the same line?");
  report(
    visit,
    1079,
    { pos: node.end - 1, end: node.end },
    "this quote ends a string of several lines: was it meant to begin one?",
  );
}
