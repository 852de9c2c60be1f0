// Runs everything that must hold before a change lands, and ends with one line: N passed, N failed.
// Called by .ci/run; a skipped test counts as failed here, because nothing may be skipped in CI.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";

prepare();
let passed = 0;
let failed = 0;

const folder = mkdtempSync(join(tmpdir(), "seaworthy-ci-"));
const results = join(folder, "results.json");
step("npm test", "npm", [
  "test",
  "--",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${results}`,
]);
const tests = readResults();
passed += tests.passed;
failed += tests.failed + tests.skipped;
if (tests.skipped > 0) console.log(`${tests.skipped} tests were skipped, which counts as failed here`);

count(step("npm run check", "npm", ["run", "--silent", "check"]), /checks: (\d+) passed, (\d+) failed/);
count(
  step("npm run test:nodes", "npm", ["run", "--silent", "test:nodes"]),
  /nodes: (\d+) passed, (\d+) failed/,
);
rmSync(folder, { recursive: true });

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function step(name, program, args) {
  console.log(`\n== ${name}`);
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 512 << 20,
    env: { ...process.env, CI: "true" },
  });
  process.stdout.write(stdout ?? "");
  process.stderr.write(stderr ?? "");
  console.log(`== ${name}: exit ${status}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return `${stdout}`;
}

function count(output, pattern) {
  const match = pattern.exec(output);
  passed += Number(match?.[1] ?? 0);
  failed += match === null ? 1 : Number(match[2]);
}

function readResults() {
  try {
    const report = JSON.parse(readFileSync(results, "utf8"));
    const brokenFiles = report.testResults.filter(
      ({ status, assertionResults }) =>
        status === "failed" && !assertionResults.some((test) => test.status === "failed"),
    ).length;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + brokenFiles,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
