import type { Finding } from "#model/finding.ts";
import type { Range } from "#model/text.ts";
import type { Pragma, Pragmas } from "./pragma.ts";

/** Something to say of a pragma itself. */
export interface PragmaFault {
  message: string;
  range: Range;
  /** Tells faults of one file apart; stays when lines move. */
  key: string;
}

/** What is known when pragmas are applied. */
export interface PragmaContext {
  path: string;
  /** Milliseconds since the epoch. */
  now: number;
  /** Ids and aliases of all rules. */
  known: ReadonlySet<string>;
  /** Ids and aliases of the rules that were on: others' pragmas cannot be told to be unused. */
  judged: ReadonlySet<string>;
}

// Names of the builder's checks are the only aliases in this form.
const CHECK_NAME = /^[A-Z][a-z]+[A-Za-z]*$/;

/**
 * Marks what pragmas of a file accept, as exceptions with the pragma as source. What expired or covers nothing is
 * a fault of its own.
 *
 * @param findings those of the one file
 */
export function applyPragmas(
  findings: readonly Finding[],
  { pragmas, bad }: Pragmas,
  context: PragmaContext,
): { findings: Finding[]; faults: PragmaFault[] } {
  const faults: PragmaFault[] = bad.map(({ message, range }) => ({
    message: `this comment is no pragma: ${message}`,
    range,
    key: `bad ${message}`,
  }));
  const open = pragmas.filter((pragma) => !isExpired(pragma, context.now));
  const used = new Set<string>();
  const covered = findings.map((finding) => {
    if (finding.verdict !== "fail" || finding.location === null) return finding;
    const line = finding.location.startLine;
    for (const pragma of open) {
      if (line < pragma.lines.first || line > pragma.lines.last) continue;
      const name = pragma.names.find((each) => means(pragma, each, finding));
      if (name === undefined) continue;
      used.add(useKey(pragma, name));
      if (finding.exception === null) return { ...finding, exception: exceptionOf(pragma, context.path) };
    }
    return finding;
  });
  for (const pragma of pragmas) {
    const expired = isExpired(pragma, context.now);
    for (const name of pragma.names) {
      if (expired) {
        faults.push(
          fault(pragma, name, `ignore=${name} has expired on ${pragma.expires}: mend it, or decide anew`),
        );
      } else if (!context.known.has(name) && !isAll(pragma, name)) {
        // hadolint and the builder have rules that we lack; of ours we know all.
        if (pragma.notation === "seaworthy")
          faults.push(fault(pragma, name, `ignore=${name}: there is no such rule`));
      } else if (!used.has(useKey(pragma, name)) && (context.judged.has(name) || isAll(pragma, name))) {
        faults.push(fault(pragma, name, `ignore=${name} covers nothing here: remove it`));
      }
    }
  }
  return { findings: covered, faults };
}

function fault({ range }: Pragma, name: string, message: string): PragmaFault {
  return { message, range, key: name };
}

function isAll({ notation }: Pragma, name: string): boolean {
  return notation === "check" && name.toLowerCase() === "all";
}

function means(pragma: Pragma, name: string, { ruleId, aliases }: Finding): boolean {
  if (isAll(pragma, name)) return aliases.some((alias) => CHECK_NAME.test(alias));
  if (pragma.notation === "check") return aliases.some((alias) => alias.toLowerCase() === name.toLowerCase());
  return ruleId === name || aliases.includes(name);
}

function useKey({ range }: Pragma, name: string): string {
  return `${range.start} ${name}`;
}

function isExpired({ expires }: Pragma, now: number): boolean {
  return expires !== null && now >= Date.parse(expires) + 24 * 3600 * 1000;
}

function exceptionOf(
  { reason, expires, line, notation }: Pragma,
  path: string,
): NonNullable<Finding["exception"]> {
  return {
    reason: reason === "" ? `accepted by a ${notation} comment without a reason` : reason,
    ...(expires === null ? {} : { expires }),
    source: `${path}:${line}`,
  };
}
