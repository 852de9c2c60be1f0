import type { Range } from "#model/text.ts";

/** A comment in a file that accepts findings: ours, hadolint's, or the builder's. */
export interface Pragma {
  /** Rule ids or aliases; `all` = every check of the builder. */
  names: string[];
  /** Whose notation: it decides which names it can mean. */
  notation: "seaworthy" | "hadolint" | "check";
  /** First and last line (from 1) of the findings that it covers. */
  lines: { first: number; last: number };
  /** Empty where none is given. */
  reason: string;
  /** ISO date, last day (UTC) included; null = no end. */
  expires: string | null;
  /** Of the comment. */
  range: Range;
  /** Line of the comment. */
  line: number;
}

/** A comment that means to be a pragma of ours and is none, in words. */
export interface BadPragma {
  message: string;
  range: Range;
}

export interface Pragmas {
  pragmas: Pragma[];
  bad: BadPragma[];
}

const OURS = /^seaworthy\s+(?:(file|stage)\s+)?ignore\s*=\s*(.*)$/i;
const OURS_ALMOST = /^seaworthy[\s:]+\S/i;
const NAMES = /^([A-Za-z][\w-]*(?:\s*,\s*[A-Za-z][\w-]*)*)(?:\s+(.*))?$/s;
const REASON = /\breason\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s].*?)(?=\s+expires\s*=|$))/;
const EXPIRES = /\bexpires\s*=\s*"?([^\s"]+)"?/;
const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

type Parsed = Pick<Pragma, "names" | "reason" | "expires"> & { scope: "next" | "stage" | "file" };

/**
 * Reads a comment as our pragma: `seaworthy [stage|file] ignore=RULE[,RULE…] reason="…" expires=2026-12-31`.
 *
 * @param text the comment without its mark
 * @returns null if it is none, a sentence if it means to be one and is wrong
 */
export function readOurs(text: string): Parsed | string | null {
  const match = OURS.exec(text);
  if (match === null) {
    return OURS_ALMOST.test(text) && /ignore|disable|skip/i.test(text)
      ? 'write it as "seaworthy ignore=RULE reason=…"'
      : null;
  }
  const [, scope = "next", rest = ""] = match;
  const named = NAMES.exec(rest.trim());
  if (named === null) return "names no rule: seaworthy ignore=RULE reason=…";
  const [, names = "", tail = ""] = named;
  const reason = REASON.exec(tail);
  const expires = EXPIRES.exec(tail)?.[1] ?? null;
  if (expires !== null && (!DAY.test(expires) || Number.isNaN(Date.parse(expires)))) {
    return `${expires} is no date: expires=2026-12-31`;
  }
  return {
    names: names.split(",").map((name) => name.trim()),
    reason: (reason?.[1] ?? reason?.[2] ?? reason?.[3] ?? "").trim(),
    expires,
    scope: scope.toLowerCase() as Parsed["scope"],
  };
}

// Its parser takes a list of these letters and digits, and drops the whole comment on anything else.
const HADOLINT =
  /^hadolint\s+(?:(global|stage)\s+)?ignore\s*=\s*([DLSC0-9]+(?:\s*,\s*[DLSC0-9]+)*)\s*(?:#(.*))?$/;

/** Reads a comment as one of hadolint's: `hadolint [global|stage] ignore=DL3008,SC2086 # why`. */
export function readHadolint(text: string): Parsed | null {
  const match = HADOLINT.exec(text);
  if (match === null) return null;
  const [, scope, names = "", reason = ""] = match;
  return {
    names: names.split(",").map((name) => name.trim()),
    reason: reason.trim(),
    expires: null,
    scope: scope === "global" ? "file" : scope === "stage" ? "stage" : "next",
  };
}

const CHECK = /^check\s*=\s*(.*)$/i;

/** Reads `check=skip=A,B // reason` of the builder, as a directive or above an instruction. */
export function readCheck(text: string): Omit<Parsed, "scope"> | null {
  const match = CHECK.exec(text);
  if (match === null) return null;
  const [settings = "", ...reason] = (match[1] ?? "").split("//");
  const skip = settings.split(";").flatMap((setting) => {
    const [name, value = ""] = setting.split("=").map((part) => part.trim());
    return name?.toLowerCase() === "skip" ? value.split(",") : [];
  });
  const names = skip.map((name) => name.trim()).filter((name) => name !== "");
  return names.length === 0 ? null : { names, reason: reason.join("//").trim(), expires: null };
}
