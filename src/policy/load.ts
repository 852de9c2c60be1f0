import { lstatSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "#model/problem.ts";
import { DEFAULT_FILE, DEFAULT_POLICY, HIDDEN_FILE, type Policy } from "./policy.ts";
import { readText } from "./read-text.ts";

const MAX_BYTES = 1 << 20;

/**
 * Reads the policy file; without `path`, `seaworthy.yaml` or `.seaworthy.yaml` in `folder`, and the defaults
 * where there is none.
 *
 * @param path the file as the user names it; relative to `folder`
 * @param known asked for the ids and aliases of all rules if there is a file, so that a misspelt rule is a mistake and not silently ignored
 * @throws UserError that names the line of every mistake
 */
export async function loadPolicy(
  path: string | undefined,
  folder: string,
  known?: () => Promise<readonly string[]>,
): Promise<Policy> {
  const name = path ?? defaultFile(folder);
  if (name === null) return DEFAULT_POLICY;
  const text = readText(resolve(folder, name), name, MAX_BYTES);
  // YAML and its schema take longer to load than a whole check without a policy file takes to start.
  const { parsePolicy } = await import("./parse.ts");
  return parsePolicy(text, name, await known?.());
}

function defaultFile(folder: string): string | null {
  const present = [DEFAULT_FILE, HIDDEN_FILE].filter((name) => exists(join(folder, name)));
  if (present.length > 1) throw new UserError(`${present.join(" and ")} both exist; keep one of them`);
  return present[0] ?? null;
}

// A link that leads nowhere exists: the policy that it stands for must not be left out in silence.
function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    const { message } = error as NodeJS.ErrnoException;
    throw new UserError(`cannot look for a policy file: ${message}`);
  }
}
