import { UserError } from "#model/problem.ts";
import { REPORT_VERSION } from "#model/report.ts";
import { readText } from "./read-text.ts";

const MAX_BYTES = 64 << 20;
const HOW = "a baseline is a report that seaworthy wrote with --format json or --format sarif";

// The name under which our SARIF carries the fingerprint of a finding.
const SARIF_KEY = "seaworthy/v1";

type Json = Record<string, unknown>;

/**
 * The fingerprints of the failures in an earlier report of ours, JSON or SARIF.
 *
 * A failure that an exception covered is left out: else it would not count when the exception expires.
 *
 * @throws UserError if the file is missing, too large, cut short, or not a report of ours
 */
export function readBaseline(path: string): Set<string> {
  const text = readText(path, path, MAX_BYTES);
  if (text.trim() === "") throw new UserError(`${path}: is empty; ${HOW}`);
  const report = parse(text, path);
  if ("runs" in report) return fromSarif(report, path);
  if ("schemaVersion" in report) return fromReport(report, path);
  throw new UserError(`${path}: is not a report of seaworthy; ${HOW}`);
}

function parse(text: string, path: string): Json {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    // Whatever the parser says of a place in the file helps nobody: these files are written by machines.
    const cut = /^\s*\{/.test(text) && !/\}\s*$/.test(text);
    throw new UserError(`${path}: ${cut ? "is cut short" : "is not valid JSON"}; write it again: ${HOW}`);
  }
  if (!isObject(data)) throw new UserError(`${path}: is not a report of seaworthy; ${HOW}`);
  return data;
}

function fromReport({ schemaVersion, tool, findings }: Json, path: string): Set<string> {
  if (!isObject(tool) || tool["name"] !== "seaworthy") {
    throw new UserError(`${path}: is not a report of seaworthy; ${HOW}`);
  }
  if (schemaVersion !== REPORT_VERSION) {
    throw new UserError(
      `${path}: has version ${JSON.stringify(schemaVersion)} of the report, this seaworthy reads ${REPORT_VERSION}; write it again with this version`,
    );
  }
  if (!Array.isArray(findings)) throw damaged(path);
  const fingerprints = new Set<string>();
  for (const finding of findings as unknown[]) {
    if (!isObject(finding) || typeof finding["fingerprint"] !== "string") throw damaged(path);
    if (finding["verdict"] === "fail" && (finding["exception"] ?? null) === null) {
      fingerprints.add(finding["fingerprint"]);
    }
  }
  return fingerprints;
}

// SARIF 2.1.0: a result without `kind` is a failure (3.27.9); one with `suppressions` is covered (3.27.23).
function fromSarif({ runs }: Json, path: string): Set<string> {
  if (!Array.isArray(runs)) throw damaged(path);
  const ours = (runs as unknown[]).filter((run): run is Json => isObject(run) && isOurs(run));
  if (ours.length === 0) throw new UserError(`${path}: is SARIF of another tool; ${HOW}`);
  const fingerprints = new Set<string>();
  for (const result of ours.flatMap(({ results }) =>
    Array.isArray(results) ? (results as unknown[]) : [],
  )) {
    if (!isObject(result) || !isObject(result["partialFingerprints"])) throw damaged(path);
    const { kind = "fail", suppressions, partialFingerprints } = result;
    const fingerprint = partialFingerprints[SARIF_KEY];
    if (typeof fingerprint !== "string") throw damaged(path);
    const covered = Array.isArray(suppressions) && suppressions.length > 0;
    if (kind === "fail" && !covered) fingerprints.add(fingerprint);
  }
  return fingerprints;
}

function isOurs({ tool }: Json): boolean {
  const driver = isObject(tool) ? tool["driver"] : undefined;
  return isObject(driver) && String(driver["name"]).toLowerCase() === "seaworthy";
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function damaged(path: string): UserError {
  return new UserError(`${path}: is damaged: parts of the report are missing; ${HOW}`);
}
