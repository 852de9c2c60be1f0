import { operands } from "#evidence/shell/flags.ts";
import type { Call } from "./command-calls.ts";
import { lastCall } from "./command-order.ts";

const MAX_WORDS = 32;

const memory = new WeakMap<Call, readonly string[]>();
const NONE: readonly string[] = [];

/**
 * True if the command empties or removes one of the folders: `rm -r FOLDER`, one above it, or all that is in it;
 * `find FOLDER … -delete`.
 */
export function removes(call: Call, ...folders: readonly string[]): boolean {
  const { name } = call.command;
  if (name !== "rm" && name !== "find") return false;
  let emptied = memory.get(call);
  if (emptied === undefined) {
    emptied = emptiedBy(call);
    memory.set(call, emptied);
  }
  return emptied.some((path) => folders.some((each) => isAtOrAbove(path, each)));
}

/** Folders that rm or find empties, without slash at the end. */
function emptiedBy({ command }: Call): readonly string[] {
  const { name, args } = command;
  if (name === "find" && !args.some(({ value }) => value === "-delete" || value === "rm")) return NONE;
  return operands(command).flatMap(({ value }) =>
    (value.includes("{") ? expandBraces(value) : [value]).map(folderOf),
  );
}

/** True if a later command of the same step does so. */
export function removedLater({ step, at }: Call, ...folders: readonly string[]): boolean {
  return lastCall(step, `removes ${folders.join(" ")}`, (call) => removes(call, ...folders)) > at;
}

// `/x/*`, `/x/*_dists_*` and `/x/` are about what lies in /x.
function folderOf(path: string): string {
  const glob = path.search(/[*?[]/);
  const fixed = glob === -1 ? path : path.slice(0, path.lastIndexOf("/", glob) + 1);
  return fixed.replace(/^\/{2,}/, "/").replace(/\/+$/, "");
}

/** `~` at the begin of `folder` stands for any home. */
function isAtOrAbove(path: string, folder: string): boolean {
  if (path === "") return false;
  if (!folder.startsWith("~")) return folder === path || folder.startsWith(`${path}/`);
  const below = folder.slice(1);
  const home = /^(?:~|\$\{?HOME\}?|\/root|\/home\/[^/]+)(?=\/|$)/.exec(path)?.[0];
  if (home === undefined) return false;
  const rest = path.slice(home.length);
  return below === rest || below.startsWith(`${rest}/`);
}

/** `/var/{cache,lib}/x` → `/var/cache/x`, `/var/lib/x`; braces within braces stay. */
function expandBraces(word: string): string[] {
  let found = [word];
  for (let round = 0; round < 3 && found.length < MAX_WORDS; round += 1) {
    found = found.flatMap((each) => {
      const open = each.indexOf("{");
      const close = each.indexOf("}", open);
      const list = open === -1 || close === -1 || each[open - 1] === "$" ? null : each.slice(open + 1, close);
      if (list === null || !list.includes(",")) return [each];
      return list.split(",", MAX_WORDS).map((part) => each.slice(0, open) + part + each.slice(close + 1));
    });
  }
  return found;
}
