// Installs the dependencies and builds dist/, each only if something has changed since. Needs nothing but Node.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

// The indexes of the rules follow from the other files, and are written anew by the build itself.
const GENERATED = new Set(["index.ts", "live.ts"].map((name) => join(root, "src/rules", name)));

/** Makes the tree ready to run, and exits with a message if it cannot. */
export function prepare() {
  const lock = hash([join(root, "package-lock.json")]);
  once("node_modules/.seaworthy-installed", lock, () => {
    say("installing dependencies");
    run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  });
  const sources = hash([
    ...filesBelow(join(root, "src")).filter((path) => !GENERATED.has(path)),
    join(root, "scripts/build.mjs"),
    join(root, "package.json"),
  ]);
  once("dist/.seaworthy-built", `${lock} ${sources}`, () => {
    say("building");
    run(process.execPath, [join(root, "scripts/generate-rule-index.mjs")]);
    run(process.execPath, [join(root, "scripts/build.mjs")]);
  });
}

/** Runs a program in the project's folder; a failure ends this process with its exit code. */
export function run(program, args, env = process.env) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit", env });
  if (error !== undefined) {
    say(`${program} could not be started: ${error.message}`);
    process.exit(3);
  }
  if (status !== 0) process.exit(status ?? 3);
}

function once(stamp, wanted, work) {
  const path = join(root, stamp);
  if (existsSync(path) && readFileSync(path, "utf8") === wanted) return;
  work();
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, wanted);
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.name.endsWith(".test.ts") ? [] : [path];
  });
}

// Time and size tell of a change as well as the content does, and cost a tenth.
function hash(paths) {
  const digest = createHash("sha256");
  for (const path of paths.toSorted()) {
    const { mtimeMs, size } = statSync(path);
    digest.update(`${path}\0${mtimeMs}\0${size}\n`);
  }
  return digest.digest("hex");
}

function say(text) {
  process.stderr.write(`seaworthy: ${text}\n`);
}
