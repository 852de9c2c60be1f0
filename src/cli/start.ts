import { isAscii } from "node:buffer";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as v8 from "node:v8";
import { Script } from "node:vm";
import { type CodeCache, ownCacheFolder, readCache, writeCache } from "./code-cache.ts";

/** The built program, part by part. */
export interface Program {
  /** Loads a part and what it needs: `main.js`. */
  load(name: string): unknown;
  /** Keeps the code that V8 has compiled in this run, if there is more of it than before. */
  keep(): void;
}

// Commands run other code: each has a cache of its own, which holds what it needs and nothing else.
const COMMANDS = new Set(["audit", "completion", "explain", "lint", "lsp", "map", "prove"]);
const HELP = new Set(["help", "-h", "--help"]);
// These run each function a few times: that V8 optimizes it beside them, after a tenth of this by default, costs
// more than it brings (a fifth of the time where there is one processor only).
const SHORT = new Set(["audit", "check"]);
const UNTIL_OPTIMIZED = "--interrupt-budget=1000000";

/**
 * Opens the program that scripts/build.mjs has put into `folder`.
 *
 * V8 compiles each function when it is first called; for a program that runs for less than a second that is a
 * third of all its work. So the compiled code is kept in the user's own cache folder, as Node 22 and newer could
 * do it for modules. But their choice lies below the shared temporary folder, and code that somebody else may
 * write must never run here, often as root: only a folder that belongs to us and that nobody else can write is used.
 *
 * @param argv arguments of the command line
 */
export function openProgram(folder: string, version: string, argv: readonly string[]): Program {
  const outer = createRequire(join(folder, "start.js"));
  const home = process.env.NODE_DISABLE_COMPILE_CACHE === undefined ? ownCacheFolder(version) : null;
  const command = commandOf(argv);
  const path = home === null ? null : join(home, `${command}.bin`);
  if (SHORT.has(command)) (outer("node:v8") as typeof v8).setFlagsFromString(UNTIL_OPTIMIZED);
  const key = `${fs.readFileSync(join(folder, "id"), "latin1")} ${process.version} ${process.arch}`;
  const before = path === null ? { parts: new Map() as CodeCache, stale: false } : readCache(path, key);
  const loaded = new Map<string, { exports: unknown }>();
  const scripts = new Map<string, Script>();
  let isNew = before.stale;

  const load = (name: string): unknown => {
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    loaded.set(name, module);
    const filename = join(folder, name);
    const bytes = fs.readFileSync(filename);
    const cachedData = before.parts.get(name);
    const script = new Script(bytes.toString(isAscii(bytes) ? "latin1" : "utf8"), { filename, cachedData });
    if (path !== null && (cachedData === undefined || script.cachedDataRejected === true)) isNew = true;
    scripts.set(name, script);
    const require = (wanted: string): unknown =>
      wanted.startsWith(".") ? load(join(dirname(name), wanted)) : outer(wanted);
    script.runInThisContext()(module.exports, require, module);
    return module.exports;
  };
  const keep = (): void => {
    if (path === null || !isNew) return;
    const parts: CodeCache = new Map(before.parts);
    for (const [name, script] of scripts) parts.set(name, script.createCachedData());
    writeCache(path, key, parts);
  };
  return { load, keep };
}

function commandOf(argv: readonly string[]): string {
  if (argv.some((argument) => HELP.has(argument))) return "help";
  return argv[0] !== undefined && COMMANDS.has(argv[0]) ? argv[0] : "check";
}
