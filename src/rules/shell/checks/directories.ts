import type { CallCheck } from "../calls.ts";
import { parentOf, report } from "../visit.ts";
import { isCondition } from "./chains.ts";
import { hasErrexit } from "./errexit.ts";

const UP = /^(?:\.{1,2}\/)*\.{1,2}\/?$/;

/** SC2164: what follows a failed cd runs in the wrong folder. */
export const changeDirectory: CallCheck = ({ name, node, args }, visit) => {
  const target = args.length === 1 ? (args[0]?.text ?? null) : null;
  if (name === "cd" && target !== null && (target === "/" || UP.test(target))) return;
  if (hasErrexit(visit)) return;
  const path = [...visit.path, node];
  if (isCondition(path, path.length - 1)) return;
  const whole = parentOf(visit)?.type === "Statement";
  const fix = {
    title: "End if it fails: || exit",
    safety: "safe" as const,
    edits: [{ start: node.end, end: node.end, text: " || exit", after: true }],
  };
  report(
    visit,
    2164,
    node,
    `what follows ${name ?? "cd"} runs in the wrong folder if it fails`,
    whole ? fix : undefined,
  );
};
