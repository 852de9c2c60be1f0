// npm run bench:start: what a start costs, against the bare start of Node on the same machine, in the same run.
// Prints medians of wall time, and fails if a command misses its bound.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare, root } from "../scripts/prepare.mjs";

const ROUNDS = Number(process.argv[2] ?? 20);
const WARM_UP = 3;

prepare();
const folder = mkdtempSync(join(tmpdir(), "seaworthy-bench-"));
const empty = join(folder, "empty.mjs");
writeFileSync(empty, "");
const cli = join(root, "bin/seaworthy.js");
// The variable makes Node 20 parse a bundle of certificates at every start, which no command here needs.
const { NODE_EXTRA_CA_CERTS: _certificates, ...env } = process.env;

const CASES = [
  { name: "an empty module", args: [empty], bound: null },
  { name: "--version", args: [cli, "--version"], bound: 1.5 },
  { name: "--help", args: [cli, "--help"], bound: 2 },
  { name: "explain SW-CTR-PID-HOST", args: [cli, "explain", "SW-CTR-PID-HOST"], bound: null },
];

// In turn, so that a busy moment of the machine falls on all of them.
const times = CASES.map(() => []);
for (let round = -WARM_UP; round < ROUNDS; round += 1) {
  for (const [at, { args }] of CASES.entries()) {
    const started = performance.now();
    const { status } = spawnSync(process.execPath, args, { env, stdio: "ignore" });
    const took = performance.now() - started;
    if (status !== 0) throw new Error(`${args.join(" ")}: exit ${status}`);
    if (round >= 0) times[at].push(took);
  }
}
rmSync(folder, { recursive: true });

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const floor = median(times[0]);
console.log(`Node ${process.version}, ${ROUNDS} rounds, medians`);
for (const [at, { name, bound }] of CASES.entries()) {
  const time = median(times[at]);
  const ratio = time / floor;
  const verdict = bound === null ? "" : ratio <= bound ? `within ${bound} ×` : `MISSED ${bound} ×`;
  console.log(`${name.padEnd(28)} ${time.toFixed(1).padStart(6)} ms  ${ratio.toFixed(2)} ×  ${verdict}`);
  if (bound !== null && ratio > bound) process.exitCode = 1;
}
