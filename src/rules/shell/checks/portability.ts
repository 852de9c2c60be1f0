import type { Command, ParameterExpansionPart, Redirect, SimpleExpansionPart, Word } from "unbash";
import { expansion, literal, partsOf } from "../tree.ts";
import { parentOf, report, slot, type Check, type Visit } from "../visit.ts";

/** What busybox ash has though POSIX does not say so (its configuration ASH_BASH_COMPAT, as Alpine builds it). */
const IN_BUSYBOX = new Set([3003, 3010, 3014, 3020, 3028, 3036, 3040, 3043, 3045, 3046, 3057, 3060]);

/** Variables of bash that other shells leave empty: bash(1), "Shell Variables". */
const OF_BASH = new Set([
  "RANDOM",
  "SECONDS",
  "HOSTNAME",
  "UID",
  "EUID",
  "PIPESTATUS",
  "OSTYPE",
  "MACHTYPE",
  "HOSTTYPE",
  "DIRSTACK",
  "SHLVL",
  "GROUPS",
  "FUNCNAME",
  "BASH_SOURCE",
  "EPOCHSECONDS",
  "EPOCHREALTIME",
  "BASHPID",
]);

const set = slot(() => new Set<string>());

/** SC3001–SC3060: what the dialect has no word for. Commands and their flags are judged elsewhere. */
export const portability: Check = {
  ProcessSubstitution: (node, visit) => lacks(visit, 3001, node, `process substitution ${node.operator}(…)`),
  ExtendedGlob: (node, visit) => lacks(visit, 3002, node, `the pattern ${node.operator}(…)`),
  AnsiCQuoted: (node, visit) => lacks(visit, 3003, node, "$'…'"),
  LocaleString: (node, visit) => lacks(visit, 3004, node, '$"…"'),
  ArithmeticFor: (node, visit) => lacks(visit, 3005, { pos: node.pos, end: node.pos + 3 }, "for ((…))"),
  ArithmeticCommand: (node, visit) => lacks(visit, 3006, node, "((…)) as a command"),
  Select: (node, visit) => lacks(visit, 3008, { pos: node.pos, end: node.pos + 6 }, "select"),
  BraceExpansion: (node, visit) => lacks(visit, 3009, node, "expansion of braces"),
  HereString: (node, visit) => lacks(visit, 3011, { pos: node.pos, end: node.pos + 3 }, "<<<"),
  Coproc: (node, visit) => lacks(visit, 3032, node, "coproc"),
  ArrayValue: (node, visit) => lacks(visit, 3030, node, "arrays"),
  ArithmeticUnary: (node, visit) => {
    if (node.operator !== "++" && node.operator !== "--") return;
    const pos = node.prefix ? node.pos : node.end - 2;
    lacks(visit, 3018, { pos, end: pos + 2 }, node.operator);
  },
  ArithmeticBinary: (node, visit) => {
    if (node.operator !== "**") return;
    const pos = visit.source.indexOf("**", node.left.end);
    lacks(visit, 3019, { pos, end: pos + 2 }, "**");
  },
  Assignment: (node, visit) => {
    if (node.append !== true || parentOf(visit)?.type !== "Command") return;
    lacks(visit, 3024, { pos: node.pos, end: node.pos + node.name.length }, "+=");
  },
  Redirect: redirect,
  Pipeline: (node, visit) => {
    for (const [at, operator] of node.operators.entries()) {
      if (operator !== "|&") continue;
      const pos = visit.source.indexOf("|&", node.commands[at]?.end ?? node.pos);
      lacks(visit, 3029, { pos, end: pos + 2 }, "|&");
    }
  },
  Function: (node, visit) => {
    if (!visit.posix) return;
    const keyword = /^function\s/.test(visit.source.slice(node.pos, node.pos + 9));
    if (keyword) {
      const paren = /^\s*\(/.test(visit.source.slice(node.name.end, node.name.end + 20));
      report(visit, paren ? 2112 : 2113, node, "`function` is no part of POSIX sh; name() is");
    }
    if (!/^\w+$/.test(node.name.text) || /^\d/.test(node.name.text)) {
      lacks(visit, 3033, node, "names of functions with other than letters, digits and _");
    }
  },
  SimpleExpansion: variable,
  ParameterExpansion: (node, visit) => {
    variable(node, visit);
    parameter(node, visit);
  },
  CommandExpansion: (node, visit) => {
    const [only] = node.script?.commands ?? [];
    if (node.script?.commands.length !== 1 || only?.command.type !== "Command") return;
    const { name, prefix, redirects } = only.command;
    const [input] = redirects;
    if (name !== undefined || prefix.length !== redirects.length || redirects.length !== 1) return;
    if (input?.type !== "Redirect" || input.operator !== "<") return;
    const quote = node.text.startsWith("`");
    lacks(visit, quote ? 3035 : 3034, node, quote ? "`<file`" : "$(<file)");
  },
  Command: (node, visit) => {
    for (const item of node.prefix) {
      if (item.type === "Assignment" && node.name === undefined) set(visit).add(item.name);
    }
  },
};

/** Notes what the dialect lacks. */
export function lacks(visit: Visit, code: number, at: { pos: number; end: number }, what: string): void {
  if (!visit.posix || (visit.dialect === "busybox" && IN_BUSYBOX.has(code))) return;
  report(visit, code, at, `${what}: not in ${visit.dialect === "sh" ? "POSIX sh" : visit.dialect}`);
}

function redirect(node: Redirect, visit: Visit): void {
  const { operator, target, descriptor } = node;
  const command = parentOf(visit);
  const inBrackets = command?.type === "Command" && (command as Command).name?.text === "[";
  if (inBrackets && (operator === "<" || operator === ">") && descriptor === undefined) return;
  const text = target === undefined ? "" : target.text;
  const start = descriptor?.end ?? node.pos;
  if (operator === "&>") lacks(visit, 3020, { pos: start, end: node.end }, "&> for both outputs");
  else if (operator === ">&" && descriptor === undefined && !/^(?:\d+|-|\d+-|\$.*)$/.test(text)) {
    lacks(visit, 3021, { pos: start, end: node.end }, ">& before a file");
  }
  if (descriptor?.type === "FileDescriptorVariable") lacks(visit, 3022, node, "{name}> for descriptors");
  else if (descriptor !== undefined && descriptor.value > 9) lacks(visit, 3023, node, "descriptors above 9");
  if (target !== undefined && /^\/dev\/(?:tcp|udp)\//.test(leading(target))) {
    lacks(visit, 3025, { pos: start, end: node.end }, "/dev/tcp and /dev/udp");
  }
}

function leading(word: Word): string {
  const text = literal(word);
  if (text !== null) return text;
  const [first] = partsOf(word);
  return first?.type === "Literal" ? first.value : "";
}

function variable(node: SimpleExpansionPart | ParameterExpansionPart, visit: Visit): void {
  if (!visit.posix) return;
  const { name } = expansion(node);
  if (name === "_" ? visit.dialect !== "sh" : !OF_BASH.has(name)) return;
  // HOSTNAME=… of the script's own; what bash computes anew it keeps
  if (set(visit).has(name) && name !== "RANDOM" && name !== "SECONDS") return;
  lacks(visit, 3028, node, `the variable ${name}`);
}

function parameter(node: ParameterExpansionPart, visit: Visit): void {
  const { name, indirect, length, index } = expansion(node);
  const { operation } = node;
  if (indirect) lacks(visit, 3053, node, "${!name}");
  if (operation?.type === "Names") lacks(visit, 3056, node, "${!prefix*}");
  if (index !== null && !indirect && !length) lacks(visit, 3054, node, "elements of arrays");
  if (length && (name === "@" || name === "*")) lacks(visit, 3058, node, "${#@}");
  switch (operation?.type) {
    case "Slice":
      return lacks(visit, 3057, node, "${name:offset}");
    case "CaseModification":
      return lacks(visit, 3059, node, "${name^} and ${name,}");
    case "Replace":
      return lacks(visit, 3060, node, "${name/pattern/text}");
  }
}
