// Our lint beside hadolint and the builder's checks, on their own cases and on real files: what there is to triage.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checksReport, judgeChecks } from "./buildkit-cases.mjs";
import { compareFindings, differencesReport } from "./differences.mjs";
import { casesReport, judgeCases } from "./hadolint-cases.mjs";
import { loadLinter } from "./library.mjs";
import { reasonFor } from "./reasons.mjs";

const HELP = `node bench/lint/compare.mjs --corpus DIR [--part cases|checks|findings] [--code DL3008] [--examples 2]

Judges with the preset hadolint and prints, as tables with every difference below them:
  cases      hadolint's own specification, by rule
  checks     the builder's own checks: rule, line, and whether our message names what theirs names
  findings   what hadolint says of the real Dockerfiles: in common, only theirs, only ours

  --corpus DIR    folder with hadolint-cases.json, buildkit-check-cases.json, hadolint-findings.json, dockerfiles/
  --part NAME     only this one; may be repeated
  --code CODE     only this rule, with all its differences
  --examples N    how many of each difference to show (default 2)
  --all           also the rules of which every case is right
  --json          the differences on real files as JSON lines: {file, code, line, who, message, text, reason}

Differences with a known reason (bench/lint/reasons.mjs) are counted by it; examples are of the others.

Exit codes: 0 every case right, 1 some wrong, 2 wrong usage.
`;

/** Runs the comparison for a command line; gives the exit code. */
export async function compareMain(argv) {
  let values;
  try {
    ({ values } = parseArgs({
      args: argv,
      options: {
        corpus: { type: "string" },
        part: { type: "string", multiple: true, default: ["cases", "checks", "findings"] },
        code: { type: "string" },
        examples: { type: "string", default: "2" },
        all: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    process.stderr.write(`compare: ${error.message}\n`);
    return 2;
  }
  if (!values.help && values.corpus !== undefined) return compare(values);
  process.stdout.write(HELP);
  return values.help ? 0 : 2;
}

async function compare({ corpus, part, code = null, examples, all, json }) {
  const read = (name) => JSON.parse(readFileSync(join(corpus, name), "utf8"));
  const library = await loadLinter();
  const print = (lines) => process.stdout.write(`${lines.join("\n")}\n\n`);
  let wrong = 0;
  if (part.includes("cases") && !json) {
    const results = judgeCases(library, read("hadolint-cases.json"));
    wrong += results.filter(({ ok, contested, vacuous }) => !ok && !contested && !vacuous).length;
    print(casesReport(results, { code, all }));
  }
  if (part.includes("checks") && !json && (code === null || !/\d/.test(code))) {
    const results = judgeChecks(library, read("buildkit-check-cases.json"));
    wrong += results.filter(({ ok, contested }) => !ok && contested === null).length;
    print(checksReport(results));
  }
  if (part.includes("findings")) {
    const folder = join(corpus, "dockerfiles");
    const compared = compareFindings(
      library,
      folder,
      readdirSync(folder).toSorted(),
      read("hadolint-findings.json"),
    );
    const rows = compared.rows.filter((row) => code === null || row.code === code);
    if (json)
      for (const row of rows)
        process.stdout.write(
          `${JSON.stringify({ ...row, text: row.text(), reason: reasonFor(row)?.why ?? null })}\n`,
        );
    else {
      const most = code === null ? Number(examples) : Number.POSITIVE_INFINITY;
      print(differencesReport(compared, { examples: most, code }));
    }
  }
  return wrong === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await compareMain(process.argv.slice(2));
}
