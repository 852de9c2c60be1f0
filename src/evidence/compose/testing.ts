import type { ComposeFile } from "#model/evidence/compose.ts";
import { readCompose } from "./read.ts";

/** A Compose file that was read from `text`, with other files of its project by path. For tests. */
export function composeFile(
  text: string,
  others: Readonly<Record<string, string>> = {},
  path = "compose.yaml",
): ComposeFile {
  return readCompose({
    path,
    text,
    readFile: (name) => (Object.hasOwn(others, name) ? (others[name] ?? null) : null),
  }).file;
}
