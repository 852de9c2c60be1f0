import * as fs from "node:fs";
import { join, relative, sep } from "node:path";
import ignore, { type Ignore } from "ignore";
import type { SourceFile } from "#model/evidence/source.ts";
import type { Problem } from "#model/problem.ts";
import { isOverride } from "../compose/paths.ts";
import { kindByName } from "./kind.ts";
import { readSource } from "./read-source.ts";

const MAX_FILES = 100_000;
const MAX_DEPTH = 64;
const MAX_IGNORE_BYTES = 1 << 20;
// Never written by people, and large.
const ALWAYS_LEFT_OUT = new Set([".git", "node_modules", ".hg", ".svn", ".venv", "__pycache__"]);

/** What a folder holds that can be linted, and what could not be read. */
export interface Walk {
  sources: SourceFile[];
  problems: Problem[];
}

/**
 * Finds and reads everything below a folder that people write for containers. What `.gitignore` files leave out
 * (gitignore(5)) and symbolic links are passed over, so a circle of links cannot hold us.
 *
 * @param root as the user names it; paths of sources begin with it, unless it is `.`
 */
export function walkProject(root: string): Walk {
  const walk: Walk = { sources: [], problems: [] };
  const count = { files: 0 };
  visit(root, { root, depth: 0, rules: [], walk, count });
  if (count.files > MAX_FILES) {
    walk.problems.push({
      where: root,
      what: `holds more than ${MAX_FILES} files; the rest was not looked at`,
      todo: "name the folders to lint",
    });
  }
  return walk;
}

interface Visit {
  root: string;
  depth: number;
  /** Ignore files on the way down, each with its folder. */
  rules: { folder: string; rules: Ignore }[];
  walk: Walk;
  count: { files: number };
}

function visit(folder: string, { root, depth, rules, walk, count }: Visit): void {
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    walk.problems.push({
      where: folder,
      what: code === "EACCES" ? "permission denied" : message,
      todo: "run it as a user who may read it",
    });
    return;
  }
  const own = entries.some((entry) => entry.name === ".gitignore" && entry.isFile())
    ? readIgnore(join(folder, ".gitignore"))
    : null;
  const inForce = own === null ? rules : [...rules, { folder, rules: own }];
  const names = new Set(entries.map(({ name }) => name));
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = root === "." && folder === "." ? entry.name : join(folder, entry.name);
    if (entry.isDirectory()) {
      const wanted = depth < MAX_DEPTH && !ALWAYS_LEFT_OUT.has(entry.name) && !isIgnored(`${path}/`, inForce);
      if (wanted && count.files <= MAX_FILES)
        visit(path, { root, depth: depth + 1, rules: inForce, walk, count });
    } else if (entry.isFile()) {
      count.files += 1;
      if (count.files > MAX_FILES) return;
      // Read with the file that it is laid over.
      if (isOverride(entry.name) && names.has(entry.name.replace(/\.override(?=\.)/, ""))) continue;
      take(path, inForce, walk);
    }
  }
}

function take(path: string, rules: Visit["rules"], walk: Walk): void {
  const named = kindByName(path);
  if (named === null || isIgnored(path, rules)) return;
  const read = readSource(path);
  if (read.ok) {
    // A script matters only for its run lines, and most have none.
    if (read.source.kind !== "script" || /\b(?:docker|podman|nerdctl)\b/.test(read.source.text)) {
      walk.sources.push(read.source);
    }
  } else if (named === "dockerfile" || named === "compose") walk.problems.push(read.problem);
}

function readIgnore(path: string): Ignore | null {
  try {
    if (fs.statSync(path).size > MAX_IGNORE_BYTES) return null;
    return ignore({ allowRelativePaths: true }).add(fs.readFileSync(path, "utf8"));
  } catch {
    return null; // It leaves out what need not be looked at; without it more is.
  }
}

/** True if the rules leave a path out; a later file can take a path back in (gitignore(5), `!`). */
function isIgnored(path: string, rules: Visit["rules"]): boolean {
  let out = false;
  for (const { folder, rules: own } of rules) {
    const below = relative(folder, path).split(sep).join("/") + (path.endsWith("/") ? "/" : "");
    if (below === "" || below.startsWith("../")) continue;
    const { ignored, unignored } = own.test(below);
    if (ignored) out = true;
    else if (unignored) out = false;
  }
  return out;
}
