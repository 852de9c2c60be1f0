// Every direct dependency has its line in docs/decisions/dependencies.md; nothing that is shipped has an
// install script or a licence that asks more than to be named.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./prepare.mjs";

const ALLOWED = new Set([
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "Unlicense",
  "CC0-1.0",
]);
const { dependencies = {}, devDependencies = {} } = json("package.json");
const lock = json("package-lock.json").packages;
const reasons = readFileSync(join(root, "docs/decisions/dependencies.md"), "utf8");
const faults = [];

for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
  if (!reasons.split("\n").some((line) => line.split("|")[1]?.trim() === name))
    faults.push(`${name}: no line in docs/decisions/dependencies.md`);
}
for (const [path, { dev, license, hasInstallScript, optional }] of Object.entries(lock)) {
  if (path === "" || dev === true || optional === true) continue;
  const declared = license ?? json(join(path, "package.json")).license;
  const choices = String(declared).replaceAll(/[()]/g, "").split(" OR ");
  if (!choices.some((choice) => ALLOWED.has(choice))) faults.push(`${path}: licence ${declared}`);
  if (hasInstallScript === true) faults.push(`${path}: has an install script`);
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

function json(path) {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}
