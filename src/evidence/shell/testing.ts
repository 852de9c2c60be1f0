import type { ShellBody } from "#model/evidence/shell.ts";
import { shellBody, type ShellSource } from "./body.ts";

/** A body for tests: `/bin/sh -c`, offsets in the file equal those in the text, unless said otherwise. */
export function bodyOf(text: string, more: Partial<ShellSource> = {}): ShellBody {
  return shellBody({
    text,
    origin: (offset) => offset,
    program: "/bin/sh",
    options: ["-c"],
    variables: new Set(),
    form: "shell",
    ...more,
  });
}
