/** What a file that people write is, and so who reads it. */
export const SOURCE_KINDS = ["dockerfile", "compose", "kubernetes", "script"] as const;

/** `script` = anything that may hold `docker run` lines: shell, Makefile, Markdown, systemd unit, workflow. */
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** A text that is linted. */
export interface SourceFile {
  /** As the user names it; `-` for standard input. */
  path: string;
  kind: SourceKind;
  text: string;
  /** False if bytes were replaced that are no UTF-8: such a file is judged but never rewritten. */
  utf8: boolean;
  /** It came by standard input: mended, it goes to standard output. */
  stdin?: true;
}
