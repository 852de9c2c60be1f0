import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import type { Finding } from "#model/finding.ts";
import type { Report } from "#model/report.ts";
import { run, type Outcome, words } from "./run.ts";
import type { Expectation } from "./situation.ts";

/** Folder of the repository. */
export const ROOT = new URL("../..", import.meta.url).pathname;

/** What a run of the command gave. */
export interface CheckOutcome extends Outcome {
  /** null if the output was no JSON report. */
  report: Report | null;
}

export interface CheckOptions {
  /** Pid of a process in whose network namespace the command is run. */
  network?: number;
  /** User that runs it; root by default. */
  uid?: number;
  env?: Record<string, string>;
  timeoutMs?: number;
}

/** Runs `seaworthy check --format json` with more arguments, as people do: the built program, by node. */
export async function check(args: readonly string[], options: CheckOptions = {}): Promise<CheckOutcome> {
  build();
  const { network, uid, env = {}, timeoutMs = 120_000 } = options;
  const command = [
    ...(network === undefined ? [] : words(`nsenter --target ${network} --net --`)),
    ...(uid === undefined
      ? []
      : words(`setpriv --reuid ${uid} --regid ${uid} --clear-groups --inh-caps=-all`)),
    process.execPath,
    join(ROOT, "bin/seaworthy.js"),
    ...words("check --format json"),
    ...args,
  ];
  const [program = "", ...rest] = command;
  // No engine of the developer's environment may be asked by mistake.
  const clean = { DOCKER_HOST: "", DOCKER_CONTEXT: "", DOCKER_CONFIG: "/nonexistent", NO_COLOR: "1" };
  const outcome = await run(program, rest, { timeoutMs, env: { ...clean, ...env }, cwd: "/" });
  return { ...outcome, report: parse(outcome.stdout) };
}

/** Like {@link check}; throws with what it said if there is no report. */
export async function checkReport(
  args: readonly string[],
  options: CheckOptions = {},
): Promise<CheckOutcome & { report: Report }> {
  const outcome = await check(args, options);
  if (outcome.report === null) {
    throw new Error(`no report, code ${outcome.code}: ${outcome.stderr}${outcome.stdout.slice(0, 500)}`);
  }
  return { ...outcome, report: outcome.report };
}

function parse(text: string): Report | null {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return null;
  }
}

/**
 * Does the report say what is expected?
 *
 * @returns null, or what was expected and what was found in its place
 */
export function disagreement(report: Report, expected: Expectation, container?: string): string | null {
  const subject = expected.subject ?? {
    kind: "container",
    ...(container === undefined ? {} : { name: container }),
  };
  const about = report.findings.filter(
    (finding) =>
      finding.ruleId === expected.ruleId &&
      finding.subject.kind === subject.kind &&
      (subject.name === undefined || finding.subject.name === subject.name),
  );
  const fits = about.filter(
    (finding) =>
      finding.verdict === expected.verdict &&
      (expected.severity === undefined || finding.severity === expected.severity) &&
      (expected.mention === undefined || expected.mention.test(textOf(finding))),
  );
  const spoiled = expected.verdict === "pass" && about.some(({ verdict }) => verdict === "fail");
  if (fits.length > 0 && !spoiled) return null;
  const { ruleId, verdict, severity = "any severity", mention = "anything" } = expected;
  const found = about.map((finding) => `  ${finding.verdict} ${finding.severity}: ${textOf(finding)}`);
  return [
    `expected ${ruleId} on ${subject.kind} ${subject.name ?? ""}: ${verdict}, ${severity}, mentioning ${mention}`,
    ...(found.length === 0 ? ["  no finding of that rule on it"] : found),
  ].join("\n");
}

function textOf({ message, evidence, remediation }: Finding): string {
  const seen = evidence.map(
    ({ witness, source, path, value }) => `${witness} ${source} ${path ?? ""} ${value}`,
  );
  return [message, ...seen, remediation].join(" | ");
}

let built = false;

/** Builds the program if it is missing, or older than its source. */
export function build(): void {
  if (built) return;
  built = true;
  const target = join(ROOT, "dist/main.js");
  const source = join(ROOT, "src");
  const made = fs.existsSync(target) ? fs.statSync(target).mtimeMs : 0;
  const newest = fs
    .readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .reduce((latest, path) => Math.max(latest, fs.statSync(join(source, path)).mtimeMs), 0);
  if (made < newest) execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: ROOT, stdio: "inherit" });
}
