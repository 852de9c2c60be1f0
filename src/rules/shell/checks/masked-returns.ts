import type { Assignment } from "unbash";
import type { CallCheck } from "../calls.ts";
import { partsOf } from "../tree.ts";
import { parentOf, report, type Visit } from "../visit.ts";
import type { Call } from "../calls.ts";
import type { ShellFix } from "../issue.ts";

/** SC2155: `export X=$(cmd)` succeeds though `cmd` fails. */
export const maskedReturns: CallCheck = (call, visit) => {
  for (const { node } of call.args) {
    if (node.type !== "Assignment" || !runsCommand(node)) continue;
    const name = { pos: node.pos, end: node.pos + node.name.length };
    const message = `${call.name ?? ""} of ${node.name} succeeds even if the command in its value fails`;
    report(visit, 2155, name, message, split(call, node, visit));
  }
};

function runsCommand({ value }: Assignment): boolean {
  if (value.type !== "Word") return false;
  return partsOf(value).some(
    (part) =>
      part.type === "CommandExpansion" ||
      (part.type === "DoubleQuoted" && part.parts.some(({ type }) => type === "CommandExpansion")),
  );
}

/** `X=$(cmd)` first, then `export X`: only where this is the whole command. */
function split(call: Call, { name, append }: Assignment, visit: Visit): ShellFix | undefined {
  const { node, args } = call;
  const word = node.name;
  const only = args[0]?.node;
  if (args.length !== 1 || only === undefined || word === undefined || call.nameWord !== word)
    return undefined;
  if (call.name === "local" || append === true || node.prefix.length > 0 || node.redirects.length > 0)
    return undefined;
  const link = parentOf(visit)?.type === "AndOr" ? " && " : "; ";
  return {
    title: `Assign ${name} before ${call.name ?? "export"}`,
    safety: "unsafe",
    edits: [
      { start: word.pos, end: only.pos, text: "" },
      { start: only.end, end: only.end, text: `${link}${word.text} ${name}`, after: true },
    ],
  };
}
