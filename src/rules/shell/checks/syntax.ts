import type { ParseError } from "unbash";
import { fail } from "../faults.ts";
import { brief } from "../tree.ts";
import { report, type Check, type Visit } from "../visit.ts";

const TOKEN = /^unexpected token '(.*)'$/s;
const CLOSES = new Set(["fi", "done", "esac", "then", "do", "else", "elif", "}", ")", ";;", "in"]);
const OPERATORS = new Set([";", "|", "&&", "||", ";&", ";;&", "&"]);
const NEEDS_END = new Set(["do", "done", "then", "fi", "esac"]);
const KEYWORD = /^(?:if|then|else|elif|fi|for|while|until|do|done|case|esac)$/i;
/** How far back an error is looked at: no text of people needs more. */
const NEAR = 200;

/** SC1072 and its kin: what the parser could not read. SC1010, SC1069, SC1081, SC1086, SC1099: odd keywords. */
export const syntax: Check = {
  Script: ({ errors }, visit) => {
    const [first] = errors ?? [];
    if (first !== undefined) judge(first, visit);
  },
  Command: (node, visit) => {
    if (node.name !== undefined) keyword(node.name.text, node.name, visit);
    for (const arg of node.args) {
      if (node.name?.text === "eval" && /^\w+=\(/.test(arg.text)) {
        fail(visit, 1098, arg, "eval reads its arguments as text: quote the ( and )");
      }
      if (arg.type !== "Word" || !NEEDS_END.has(arg.text)) continue;
      report(visit, 1010, arg, `${brief(arg.text)} is an argument here: a ; before it makes it a keyword`);
    }
  },
  For: ({ name }, visit) => {
    if (!name.text.startsWith("$")) return;
    report(visit, 1086, name, `the variable of a loop has no $: write ${name.text.replaceAll(/[${}]/g, "")}`);
  },
};

function keyword(name: string, at: { pos: number; end: number }, visit: Visit): void {
  if (KEYWORD.test(name) && name !== name.toLowerCase()) {
    report(visit, 1081, at, `${name} is no keyword: they are written in small letters`);
  } else if (/^(?:then|do|else|elif|fi|done|if|while|until)#/.test(name)) {
    fail(visit, 1099, at, "a blank is needed before #");
  } else if (/^(?:if|elif|while|until)\[/.test(name)) {
    fail(visit, 1069, at, "a blank is needed before [");
  } else if (/^![\w/.-]/.test(name)) {
    fail(visit, 1035, { pos: at.pos, end: at.pos + 1 }, "a blank is needed behind !");
  }
}

function judge({ message, pos }: ParseError, visit: Visit): void {
  const token = TOKEN.exec(message)?.[1];
  const at = { pos, end: pos + (token?.length ?? 0) };
  const before = visit.source.slice(Math.max(0, pos - NEAR), pos).trimEnd();
  if (token === undefined) {
    if (message === "expected command after 'then'" && isNext(visit, pos, ";")) {
      fail(visit, 1051, at, "no ; may stand behind then");
    } else if (message === "expected command after 'do'" && isNext(visit, pos, ";")) {
      fail(visit, 1059, at, "no ; may stand behind do");
    } else if (message === "expected compound command as function body" && before.endsWith("{")) {
      fail(visit, 1095, at, "a blank is needed between the name of the function and {");
    } else if (message === "expected compound command as function body" && isNext(visit, pos, "{")) {
      fail(visit, 1054, at, "a blank is needed behind {");
    } else if (message === "expected 'do'" && / do(?: |$)/.test(before)) {
      fail(visit, 1063, at, "a ; is needed before do");
    } else fail(visit, 1072, at, inWords(message));
  } else if (token === "(") {
    fail(visit, 1036, at, "the shell cannot read this (: quote it, or put a ; before it");
  } else if (token === ")" && /(?:^|[\s;&|])[\w-]+\s*\([^()]*\S$/.test(before)) {
    fail(visit, 1065, at, "functions declare no parameters: their arguments are $1, $2, …");
  } else if (token === ";" && before.endsWith("&") && !before.endsWith("&&")) {
    fail(visit, 1045, at, "& already ends the command: no ; may follow");
  } else if (CLOSES.has(token)) {
    fail(visit, 1089, at, `${brief(token)} without what opens it: all behind it was not read`);
  } else if (OPERATORS.has(token) && !/[&|]$/.test(before)) {
    fail(visit, 1070, at, `the shell cannot read ${token} here`);
  } else fail(visit, 1072, at, `the shell cannot read ${brief(token) || "the line end"} here`);
}

/** What the parser says, as a sentence. */
function inWords(message: string): string {
  if (/nest/.test(message)) return "this code is nested too deep to be judged";
  const open = /^unterminated (.+)$/s.exec(message)?.[1];
  if (open !== undefined) return `the ${brief(open)} is not closed`;
  const [, end, start] = /^expected '(.+)' to close '(.+)'$/s.exec(message) ?? [];
  if (end !== undefined && start !== undefined) return `${brief(start)} is not closed by ${brief(end)}`;
  const [, wanted] = /^expected (?:command after )?'(.+)'$/s.exec(message) ?? [];
  if (wanted === undefined) return "the shell cannot read this";
  return message.startsWith("expected command")
    ? `no command stands behind ${brief(wanted)}`
    : `${brief(wanted)} is missing`;
}

function isNext({ source }: Visit, pos: number, text: string): boolean {
  return source
    .slice(pos, pos + NEAR)
    .trimStart()
    .startsWith(text);
}
