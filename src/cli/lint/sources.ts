import { statSync } from "node:fs";
import type { SourceFile } from "#model/evidence/source.ts";
import { type Problem, UserError } from "#model/problem.ts";
import { readSource, sourceOf, MAX_SOURCE_BYTES, type ReadSource } from "#evidence/project/read-source.ts";
import { walkProject } from "#evidence/project/walk.ts";
import type { LintOptions } from "./options.ts";

/** What was found of what the user named. */
export interface FoundSources {
  sources: SourceFile[];
  problems: Problem[];
}

/**
 * Reads the files and folders that the user named; without any, this folder.
 *
 * @throws UserError if a name leads nowhere
 */
export async function findSources(
  names: readonly string[],
  line: readonly string[] | null,
  options: LintOptions,
): Promise<FoundSources> {
  const found: FoundSources = { sources: [], problems: [] };
  const add = (read: ReadSource): void => {
    if (read.ok) found.sources.push(read.source);
    else found.problems.push(read.problem);
  };
  const wanted = [...names, ...(options.stdin === true && !names.includes("-") ? ["-"] : [])];
  if (line !== null) {
    found.sources.push({ path: "docker run", kind: "script", text: line.map(quoted).join(" "), utf8: false });
  }
  for (const name of wanted.length === 0 && line === null ? ["."] : new Set(wanted)) {
    if (name === "-") {
      const bytes = await readStdin();
      const read = sourceOf(options.stdinName ?? "-", bytes, options.kind);
      if (read.ok) found.sources.push({ ...read.source, stdin: true });
      else found.problems.push({ ...read.problem, where: "standard input" });
      continue;
    }
    if (isFolder(name)) {
      const { sources, problems } = walkProject(name);
      found.sources.push(...sources);
      found.problems.push(...problems);
    } else add(readSource(name, options.kind));
  }
  return found;
}

/** A word as it would be typed into a shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function isFolder(name: string): boolean {
  try {
    const stat = statSync(name, { throwIfNoEntry: false });
    if (stat === undefined) throw new UserError(`${name}: does not exist`);
    return stat.isDirectory();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`${name}: ${code === "ELOOP" ? "its links lead in a circle" : message}`);
  }
}

async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    // One byte more is enough to be refused as too large.
    if (length > MAX_SOURCE_BYTES) break;
  }
  return Buffer.concat(chunks);
}
