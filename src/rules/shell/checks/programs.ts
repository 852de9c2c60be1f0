import type { CallCheck } from "../calls.ts";
import { report } from "../visit.ts";

/** SC2196, SC2197: egrep and fgrep are no part of POSIX, and GNU grep warns of them. */
export const oldGrep: CallCheck = ({ name, nameWord }, visit) => {
  if (nameWord === undefined) return;
  const [code, flag] = name === "egrep" ? [2196, "-E"] : [2197, "-F"];
  report(visit, code, nameWord, `${name ?? ""} is old and warns when it is used; grep ${flag} is the same`, {
    title: `Write grep ${flag}`,
    safety: "safe",
    edits: [{ start: nameWord.pos, end: nameWord.end, text: `grep ${flag}` }],
  });
};
