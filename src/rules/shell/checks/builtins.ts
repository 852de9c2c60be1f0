import type { Argument, Call, CallCheck } from "../calls.ts";
import { flagsOf, flatOf } from "../calls.ts";
import { brief, literal } from "../tree.ts";
import { report } from "../visit.ts";
import { lacks } from "./portability.ts";

/** Flags that POSIX knows, of builtins that have more elsewhere (XCU 2.14, utilities of the same name). */
const FLAGS: Readonly<Record<string, string>> = {
  exec: "",
  export: "p",
  hash: "r",
  jobs: "lp",
  printf: "",
  read: "r",
  readonly: "p",
  trap: "",
  type: "",
  ulimit: "f",
  unset: "fv",
  wait: "",
};
/** dash(1) has more. */
const FLAGS_DASH: Readonly<Record<string, string>> = { read: "rp", ulimit: "HSacdflmnpstvw", hash: "rv" };
const OPTIONS = new Set([
  "allexport",
  "errexit",
  "ignoreeof",
  "monitor",
  "noclobber",
  "noexec",
  "noglob",
  "nolog",
  "notify",
  "nounset",
  "verbose",
  "vi",
  "xtrace",
]);
const LETTERS = /^[-+][abCefhmnuvxo]*$/;

/** SC3038, SC3045, SC3050: flags of builtins. */
export const builtinFlags: CallCheck = (call, visit) => {
  const { name } = call;
  if (!visit.posix || name === null) return;
  const known = (visit.dialect === "sh" ? undefined : FLAGS_DASH[name]) ?? FLAGS[name];
  if (known === undefined) return;
  const operand = call.args.findIndex((arg) => !flatOf(arg).startsWith("-"));
  const args = operand === -1 ? call.args : call.args.slice(0, operand);
  for (const { name: flag, at } of flagsOf({ args })) {
    if (known.includes(flag) && flag !== "") continue;
    if (at.text !== null && /^-\d/.test(at.text)) return;
    lacks(visit, 3045, at, `${name} -${flag}`);
    return;
  }
};

/** SC3038: `exec -a`. */
export const execFlags: CallCheck = ({ node }, visit) => {
  const [first] = node.args;
  if (first?.text.startsWith("-") !== true || first.text === "--" || literal(node.name) !== "exec") return;
  lacks(visit, 3038, first, `exec ${brief(first.text)}`);
};

/** SC3039, SC3043, SC3044, SC3046: commands that other shells lack. */
export const bashCommand: CallCheck = ({ name, node, nameWord }, visit) => {
  if (nameWord !== node.name) return;
  if (name === "let") lacks(visit, 3039, node, "let");
  else if (name === "source") lacks(visit, 3046, node, "source instead of .");
  else if (name === "local") {
    if (visit.dialect === "sh") lacks(visit, 3043, node, "local");
  } else lacks(visit, 3044, node, name ?? "");
};

/** SC3040, SC3041: options of set. */
export const set: CallCheck = ({ args }, visit) => {
  if (visit.dialect !== "sh") return;
  for (let at = 0; at < args.length; at++) {
    const { text } = args[at] as Argument;
    if (text === null || text === "--" || !/^[-+]./.test(text)) return;
    if (!LETTERS.test(text)) {
      lacks(visit, 3041, args[at] as Argument, `set ${text}`);
      return;
    }
    if (!text.endsWith("o")) continue;
    const option = args[at + 1];
    if (option?.text == null) return;
    const newer = option.text === "pipefail" && visit.options.release === "newest"; // POSIX.1-2024 has it
    if (!OPTIONS.has(option.text) && !newer) lacks(visit, 3040, option, `set -o ${brief(option.text)}`);
    at++;
  }
};

/** SC3047–SC3049: names of signals. */
export const trap: CallCheck = ({ args }, visit) => {
  if (!visit.posix) return;
  for (const arg of args.slice(1)) {
    const { text } = arg;
    if (text === null) continue;
    const upper = text.toUpperCase();
    if (upper === "ERR" || upper === "DEBUG" || upper === "RETURN")
      lacks(visit, 3047, arg, `trap of ${text}`);
    else if (upper.startsWith("SIG")) lacks(visit, 3048, arg, `the prefix SIG of ${text}`);
    else if (visit.dialect === "sh" && upper !== text) lacks(visit, 3049, arg, `${text} in small letters`);
  }
};

/** SC3050: `printf %q`. */
export const printfQuote: CallCheck = ({ args }, visit) => {
  const format = args.find(({ text }) => text === null || !text.startsWith("-"));
  if (format?.text?.includes("%q") === true) lacks(visit, 3050, format, "%q of printf");
};

/** SC2162: read without -r eats backslashes. */
export const read: CallCheck = (call: Call, visit) => {
  if (flagsOf(call).some(({ name }) => name === "r") || call.nameWord === undefined) return;
  report(visit, 2162, call.nameWord, "read without -r takes backslashes in its input for escapes");
};

/** SC2240: arguments of `.` are lost in sh. */
export const dot: CallCheck = ({ args }, visit) => {
  const [, extra] = args;
  if (visit.posix && extra !== undefined)
    report(visit, 2240, extra, ". passes no arguments on in sh and dash");
};
