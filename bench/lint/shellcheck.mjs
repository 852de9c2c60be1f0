// node bench/lint/shellcheck.mjs --corpus DIR: the native ShellCheck codes beside the `shellcheck` program, on every
// piece of shell code of the Dockerfiles in DIR/dockerfiles (or DIR itself), or of the scripts in --scripts DIR.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const ENTRY = `
export { parseDockerfile } from "#evidence/dockerfile/parse.ts";
export { shellBody } from "#evidence/shell/body.ts";
export { checkShell } from "#rules/shell/check-shell.ts";
export { LEVELS } from "#rules/shell/levels.ts";
`;
/** The 35 codes that hadolint gave on 1674 Dockerfiles. */
const WILD = [
  1001, 1072, 1083, 2006, 2010, 2013, 2015, 2016, 2028, 2035, 2038, 2043, 2046, 2059, 2069, 2086, 2114, 2115,
  2116, 2154, 2155, 2164, 2196, 2209, 2216, 2227, 2251, 2288, 2336, 3001, 3009, 3014, 3020, 3037, 3044,
];
const LEAST_FOUND = 0.97;
const MOST_EXTRA = 0.02;
const BATCH = 200;
const DIALECTS = { sh: "sh", dash: "dash", busybox: "dash", bash: "bash", ksh: "ksh" };
const HELP = `usage: node bench/lint/shellcheck.mjs (--corpus DIR | --scripts DIR) [options]

  --corpus DIR       folder with dockerfiles/
  --scripts DIR      folder with shell scripts, read as they are
  --program PATH     the shellcheck to compare with (default: shellcheck)
  --codes wild|all   which codes count (default: wild, the 35 that occur in Dockerfiles)
  --list             every difference, with the code around it
`;

const { values } = parseArgs({
  options: {
    corpus: { type: "string" },
    scripts: { type: "string" },
    program: { type: "string", default: "shellcheck" },
    codes: { type: "string", default: "wild" },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help || (values.corpus === undefined) === (values.scripts === undefined)) {
  process.stdout.write(HELP);
  process.exit(values.help ? 0 : 2);
}

const { parseDockerfile, shellBody, checkShell, LEVELS } = await library();
const version =
  /version: (\S+)/.exec(execFileSync(values.program, ["--version"], { encoding: "utf8" }))?.[1] ?? "?";
const counted = new Set(values.codes === "all" ? Object.keys(LEVELS).map(Number) : WILD);
const bodies = values.corpus === undefined ? scriptBodies(values.scripts) : dockerfileBodies(values.corpus);
const theirs = askShellcheck(bodies);
const started = process.cpuUsage();
const ours = bodies.map(({ body }) => checkShell(body, { builderVariablesAreWords: true, release: "0.9" }));
const spent = process.cpuUsage(started).user / 1000;
process.exitCode = print();

/** The checks as they stand in the sources. */
async function library() {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-bench-"));
  const outfile = join(folder, "shell.mjs");
  try {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    await build({
      absWorkingDir: root,
      stdin: { contents: ENTRY, resolveDir: root, loader: "ts" },
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20.19",
      logLevel: "warning",
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Shell code of RUN, CMD, ENTRYPOINT, HEALTHCHECK and ONBUILD; the JSON form has none. */
function dockerfileBodies(corpus) {
  const folder = existsSync(join(corpus, "dockerfiles")) ? join(corpus, "dockerfiles") : corpus;
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap(({ name }) => {
      const { instructions } = parseDockerfile(readFileSync(join(folder, name), "utf8"));
      return instructions
        .flatMap(({ shell, trigger }) => [...shell, ...(trigger?.shell ?? [])])
        .filter(({ form, dialect }) => form !== "exec" && DIALECTS[dialect] !== undefined)
        .map((body) => ({ name, body }));
    });
}

function scriptBodies(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap(({ name }) => {
      const text = readFileSync(join(folder, name), "utf8");
      if (/[\r\ufffd]/.test(text)) return [];
      const program = /^#!\s*\S*?(?:env\s+)?((?:ba|da|k)?sh)\b/.exec(text)?.[1] ?? "bash";
      // neither a first line nor directives: both sides are told the dialect
      const code = text
        .replace(/^#!.*/, "#")
        .replaceAll(/shellcheck (?=disable|shell|source)/g, "x")
        .trimEnd();
      const variables = new Set();
      return [
        {
          name,
          body: shellBody({ text: code, origin: (at) => at, program, options: [], variables, form: "shell" }),
        },
      ];
    });
}

/** What the program says of each, by code and place in the body. */
function askShellcheck(all) {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-bench-"));
  const found = all.map(() => []);
  try {
    const heads = all.map(({ body }, at) => {
      const head = `#!/bin/sh\n${[...body.variables].map((name) => `export ${name}=1\n`).join("")}`;
      writeFileSync(join(folder, String(at)), `${head}${body.text}\n`);
      return head.split("\n").length - 1;
    });
    for (const dialect of new Set(Object.values(DIALECTS))) {
      const files = all.flatMap(({ body }, at) => (DIALECTS[body.dialect] === dialect ? [String(at)] : []));
      for (let from = 0; from < files.length; from += BATCH) {
        const args = [
          "-f",
          "json1",
          "--norc",
          "-e",
          "2187,1090,1091",
          "-s",
          dialect,
          ...files.slice(from, from + BATCH),
        ];
        const { stdout, error } = spawnSync(values.program, args, {
          cwd: folder,
          encoding: "utf8",
          maxBuffer: 1 << 28,
        });
        if (error !== undefined) throw error;
        for (const { file, line, column, code } of JSON.parse(stdout).comments) {
          found[Number(file)].push({ code, line: line - heads[Number(file)], column });
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return found;
}

/** Parse errors are placed by each parser in its own way: their code counts, not their place. */
function keyOf(code, line, column) {
  return code < 2000 && ![1001, 1007, 1010, 1012, 1018, 1083, 1086, 1110].includes(code)
    ? `${code}`
    : `${code}@${line}:${column}`;
}

function print() {
  const byCode = new Map();
  const lines = [];
  for (const [at, { name, body }] of bodies.entries()) {
    const starts = [0];
    for (let end = body.text.indexOf("\n"); end !== -1; end = body.text.indexOf("\n", end + 1))
      starts.push(end + 1);
    const mine = count(ours[at].map(({ code, range }) => [code, ...place(starts, range.start)]));
    const other = count(theirs[at].map(({ code, line, column }) => [code, line, column]));
    for (const key of new Set([...mine.keys(), ...other.keys()])) {
      const code = Number(key.split("@")[0]);
      const row = byCode.get(code) ?? { theirs: 0, ours: 0, both: 0 };
      byCode.set(code, row);
      const [a, b] = [other.get(key) ?? 0, mine.get(key) ?? 0];
      row.theirs += a;
      row.ours += b;
      row.both += Math.min(a, b);
      if (a !== b)
        lines.push(`${a > b ? "missing" : "extra  "} SC${key}  ${name}: ${around(body.text, starts, key)}`);
    }
  }
  if (values.list) for (const line of lines) console.log(line);
  const total = { theirs: 0, both: 0, ours: 0 };
  console.log("code     theirs   ours   both  missing  extra");
  for (const [code, row] of [...byCode].toSorted(([a], [b]) => a - b)) {
    for (const key of Object.keys(total)) total[key] += row[key];
    console.log(
      `SC${code} ${[row.theirs, row.ours, row.both, row.theirs - row.both, row.ours - row.both].map((n) => String(n).padStart(7)).join("")}`,
    );
  }
  const found = total.both / total.theirs;
  const extra = (total.ours - total.both) / total.theirs;
  console.log(
    `${bodies.length} bodies, shellcheck ${version}: ${total.both} of ${total.theirs} found (${percent(found)}), ${total.ours - total.both} extra (${percent(extra)}); ours took ${spent.toFixed(0)} ms of CPU`,
  );
  return found >= LEAST_FOUND && extra <= MOST_EXTRA ? 0 : 1;
}

function count(list) {
  const counts = new Map();
  for (const [code, line, column] of list) {
    if (!counted.has(code)) continue;
    const key = keyOf(code, line, column);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function place(starts, offset) {
  let line = starts.length;
  while (line > 1 && starts[line - 1] > offset) line--;
  return [line, offset - starts[line - 1] + 1];
}

function around(text, starts, key) {
  const [line = 1, column = 1] = (key.split("@")[1] ?? "1:1").split(":").map(Number);
  const at = starts[line - 1] + column - 1;
  return JSON.stringify(text.slice(Math.max(0, at - 30), at + 50));
}

function percent(part) {
  return `${(100 * part).toFixed(2)} %`;
}
