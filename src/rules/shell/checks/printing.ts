import type { Argument, CallCheck } from "../calls.ts";
import { brief, isArrayExpansion, expansion, flat } from "../tree.ts";
import { report } from "../visit.ts";

const ESCAPE = /\\[abefnrtvx0-7]/;
const ECHO_FLAG = /^-[eEn]+$/;

/** SC2028: echo prints `\n` as it stands, or does not: shells differ. SC3037, SC3036: its flags. */
export const echo: CallCheck = ({ args }, visit) => {
  let escapes = false;
  let at = 0;
  for (; at < args.length && ECHO_FLAG.test(args[at]?.text ?? ""); at++) {
    if (args[at]?.text?.includes("e") === true) escapes = true;
  }
  const [first] = args;
  if (visit.posix && first?.text != null && ECHO_FLAG.test(first.text)) {
    if (visit.dialect === "sh") {
      report(visit, 3037, first, `echo ${brief(first.text)} is not in POSIX: another sh prints it as text`);
    } else if (first.text !== "-n" && visit.dialect !== "busybox") {
      report(visit, 3036, first, `dash knows no flag of echo but -n: ${brief(first.text)} is printed`);
    }
  }
  if (escapes || visit.dialect === "dash" || visit.dialect === "busybox") return;
  for (const arg of args.slice(at)) {
    if (!ESCAPE.test(echoed(arg))) continue;
    report(
      visit,
      2028,
      arg,
      `echo may print ${arg.node.text.slice(0, 40)} as it stands; printf reads escapes everywhere`,
    );
  }
};

/** Plain text of an argument; expansions left out. */
function echoed({ node, text }: Argument): string {
  if (text !== null) return text;
  return node.type === "Word" ? flat(node).replaceAll("${VAR}", "") : "";
}

const NUMBERED =
  /%(?:\d+\$)?[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d*))?(?:hh|h|ll|l|j|z|t|L)*([A-Za-z]|\([^)]*\)T|%)/g;

/** SC2059: a format with variables in it. SC2182, SC2183: formats and arguments that do not fit. */
export const printf: CallCheck = ({ args }, visit) => {
  let at = 0;
  if (args[at]?.text === "-v") at += 2;
  if (args[at]?.text === "--") at++;
  const format = args[at];
  if (format === undefined || format.node.type !== "Word") return;
  const values = args.slice(at + 1);
  if (format.text === null) {
    const only = format.node.parts?.length === 1 ? format.node.parts[0] : undefined;
    const inner = only?.type === "DoubleQuoted" && only.parts.length === 1 ? only.parts[0] : only;
    if (inner?.type === "SimpleExpansion" || inner?.type === "ParameterExpansion") {
      if (isArrayExpansion(expansion(inner))) return;
    }
    if (!flat(format.node).includes("%")) {
      report(
        visit,
        2059,
        format,
        `${brief(format.node.text)} is read as a format: a % or \\ in a value changes what is printed`,
      );
    }
    return;
  }
  if (format.text.includes(")T") || values.some(({ node }) => node.type !== "Word" || mayBeMany(node)))
    return;
  let formats = 0;
  for (const [, kind] of format.text.matchAll(NUMBERED)) if (kind !== "%") formats++;
  if (formats === 0 && values.length > 0) {
    report(visit, 2182, format, "the format has no place for the arguments behind it");
  } else if (formats > 0 && (values.length === 0 || values.length % formats !== 0)) {
    report(visit, 2183, format, `the format has ${formats} place(s), there are ${values.length} argument(s)`);
  }
};

function mayBeMany(node: Argument["node"]): boolean {
  if (node.type !== "Word") return true;
  return (node.parts ?? []).some((part) => {
    switch (part.type) {
      case "Literal":
      case "SingleQuoted":
      case "AnsiCQuoted":
      case "ArithmeticExpansion":
        return false;
      case "DoubleQuoted":
      case "LocaleString":
        return part.parts.some(
          (child) =>
            (child.type === "SimpleExpansion" || child.type === "ParameterExpansion") &&
            isArrayExpansion(expansion(child)),
        );
      default:
        return true;
    }
  });
}
