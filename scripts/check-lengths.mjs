// A file holds one idea. Tables of data may be long; code may not.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./prepare.mjs";

const MOST = 350;
const MOST_TABLE = 600;
const MEDIAN = 120;

const files = [];
walk(join(root, "src"));
const code = files.filter(({ path }) => !path.endsWith(".test.ts"));
const long = code.filter(({ path, lines }) => lines > (isTable(path) ? MOST_TABLE : MOST));
const sorted = code.map(({ lines }) => lines).toSorted((a, b) => a - b);
const median = sorted[Math.floor(sorted.length / 2)] ?? 0;

for (const { path, lines } of long) console.error(`${path}: ${lines} lines`);
if (median > MEDIAN) console.error(`the median file has ${median} lines (at most ${MEDIAN})`);
process.exitCode = long.length > 0 || median > MEDIAN ? 1 : 0;

/** Rules that differ only in data, fixtures for tests, and generated lists. */
function isTable(path) {
  return /src\/rules\/|testing\/|-table\.ts$|testing\.ts$|index\.ts$/.test(path);
}

function walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path);
    else if (path.endsWith(".ts")) {
      files.push({ path: path.slice(root.length), lines: readFileSync(path, "utf8").split("\n").length - 1 });
    }
  }
}
