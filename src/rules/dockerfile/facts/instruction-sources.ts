import type { Instruction, Word } from "#model/evidence/dockerfile.ts";

/** What COPY or ADD takes, and where it puts it. */
export interface Transfer {
  sources: Word[];
  destination: Word;
}

/** Sources and destination of COPY or ADD; null where one is missing. Heredocs (`<<EOF`) count as sources. */
export function transferOf({ words }: Pick<Instruction, "words">): Transfer | null {
  const destination = words.at(-1);
  if (words.length < 2 || destination === undefined) return null;
  return { sources: words.slice(0, -1), destination };
}

/** A heredoc in place of a file. */
export function isHeredoc({ raw }: Pick<Word, "raw">): boolean {
  return /^\d*<<-?[^<]/.test(raw);
}

/** A web address; the builder fetches it. */
export function isUrl(source: string): boolean {
  return /^https?:\/\//.test(source);
}

/**
 * A repository that ADD clones: `git@host:path`, `git://…`, `ssh://…`, or an address that ends with `.git`
 * (Dockerfile reference, "ADD: private Git repositories").
 */
export function isGit(source: string): boolean {
  if (/^(?:git:\/\/|ssh:\/\/|[\w.-]+@[\w.-]+:)/.test(source)) return true;
  return isUrl(source) && /\.git(?:#|\?|$)/.test(source);
}

/** Names of archives that ADD unpacks, or that people expect it to. */
export function isArchive(source: string): boolean {
  return /\.(?:tar|gz|bz2|xz|lz|lzma|zst|Z|tZ|tb2|tbz2?|tgz|tlz|tpz|txz|tzst)$/.test(source);
}

/** A glob, or a variable: what it stands for is not known. */
export function isOpen(source: string): boolean {
  return /[*?[$]/.test(source);
}
