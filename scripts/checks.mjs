// npm run check: everything about the tree that is no test. Prints a line per check, and what failed in full.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";

const bin = (name) => join(root, "node_modules/.bin", name);
const node = (script, ...args) => [process.execPath, join(root, "scripts", script), ...args];

const CHECKS = [
  ["format", bin("oxfmt"), "--check"],
  ["lint, and imports that go one way", bin("oxlint"), "--deny-warnings"],
  [
    "promises that nobody waits for",
    bin("oxlint"),
    "--type-aware",
    "-Aall",
    "-Dtypescript/no-floating-promises",
    "-Dtypescript/no-misused-promises",
    "-Dtypescript/await-thenable",
    "src",
    "test",
  ],
  ["types", bin("tsc"), "-p", "."],
  ["dead files, exports and dependencies", bin("knip")],
  ["length of files", ...node("check-lengths.mjs")],
  ["dependencies: licence, reason, no install script", ...node("check-dependencies.mjs")],
  ["indexes of the rules are fresh", ...node("generate-rule-index.mjs", "--check")],
  ["schemas/ is fresh", ...node("generate-schemas.mjs", "--check")],
  ["docs/rules/ is fresh", ...node("generate-docs.mjs", "--check")],
  ["package", bin("publint"), "--strict"],
];

prepare();
let failed = 0;
for (const [name, program, ...args] of CHECKS) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  console.log(`${status === 0 ? "ok    " : "FAILED"}  ${name}`);
  if (status !== 0) {
    failed += 1;
    console.log(`${stdout}${stderr}`.trimEnd().split("\n").slice(-60).join("\n"));
  }
}
console.log(`checks: ${CHECKS.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
