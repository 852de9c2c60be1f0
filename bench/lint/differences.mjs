// What hadolint says of real Dockerfiles beside what we say, by file, code and the instruction's first line.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codesOf } from "./hadolint-cases.mjs";
import { instructionLines, linter } from "./library.mjs";
import { reasonFor } from "./reasons.mjs";
import { oneLine, table } from "./table.mjs";

/** Sets both beside each other. A file that hadolint could not parse (DL1000) has nothing to compare. */
export function compareFindings(library, folder, files, findings) {
  const lint = linter(library, { preset: "hadolint" });
  const byFile = group(findings);
  const rows = [];
  const unparsed = [];
  for (const file of files) {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(readFileSync(join(folder, file)));
    const theirs = byFile.get(file) ?? [];
    if (theirs.some(({ code }) => code === "DL1000")) {
      unparsed.push(file);
      continue;
    }
    const firstLine = instructionLines(library.parseDockerfile(text));
    const their = new Map(theirs.map((each) => [`${each.code} ${firstLine(each.line)}`, each.message]));
    const our = new Map(
      lint(text, join(folder, file)).flatMap(({ aliases, instructionLine, message }) =>
        codesOf(aliases).map((code) => [`${code} ${instructionLine}`, message]),
      ),
    );
    const codesAt = (line) =>
      [...their.keys()].filter((key) => key.endsWith(` ${line}`)).map((key) => key.split(" ")[0]);
    for (const key of new Set([...their.keys(), ...our.keys()])) {
      const [code, line] = key.split(" ");
      const who = !our.has(key) ? "theirs" : !their.has(key) ? "ours" : "both";
      rows.push({
        file,
        code,
        line: Number(line),
        who,
        message: our.get(key) ?? their.get(key),
        text: () => instructionText(text, Number(line)),
        before: () => textBefore(text, Number(line)),
        theirCodes: () => codesAt(line),
      });
    }
  }
  return { rows, unparsed };
}

function textBefore(text, line) {
  return text
    .split("\n")
    .slice(0, line - 1)
    .join("\n");
}

function instructionText(text, line) {
  const lines = text.split("\n").slice(line - 1);
  const end = lines.findIndex((each) => !/[\\`]\s*$/.test(each) && !/^\s*#/.test(each));
  return (end === -1 ? lines : lines.slice(0, end + 1)).join("\n");
}

function group(findings) {
  const groups = new Map();
  for (const finding of findings) {
    const own = groups.get(finding.file);
    if (own === undefined) groups.set(finding.file, [finding]);
    else own.push(finding);
  }
  return groups;
}

/**
 * The comparison as a table by code, the known reasons, and examples of each difference that has none.
 *
 * @param examples how many of each kind for each code
 * @param code only this one
 */
export function differencesReport({ rows, unparsed }, { examples, code = null, width = 160 }) {
  const shown = rows
    .filter((row) => code === null || row.code === code)
    .map((row) => ({ ...row, reason: reasonFor(row) }));
  const of = (each, who) => shown.filter((row) => row.code === each && row.who === who);
  const open = (some) => some.filter(({ reason }) => reason === null);
  const counts = [...new Set(shown.map((row) => row.code))]
    .map((each) => {
      const [both, theirs, ours] = ["both", "theirs", "ours"].map((who) => of(each, who));
      const without = open(theirs).length + open(ours).length;
      return [each, both.length, theirs.length, ours.length, without];
    })
    .toSorted((a, b) => b[4] - a[4] || b[2] + b[3] - (a[2] + a[3]) || (a[0] < b[0] ? -1 : 1));
  const total = (who) => shown.filter((row) => row.who === who).length;
  return [
    `hadolint's findings on real files: ${total("both")} in common, ${total("theirs")} only theirs, ${total("ours")} only ours (${unparsed.length} files that it cannot parse left out)`,
    "",
    ...table(["code", "both", "only theirs", "only ours", "no reason"], counts),
    "",
    ...reasonLines(shown),
    ...counts.flatMap(([each]) =>
      ["theirs", "ours"].flatMap((who) =>
        open(of(each, who))
          .slice(0, examples)
          .map(
            (row) =>
              `${row.code} only ${who}: ${row.file}:${row.line}\n    ${oneLine(row.text(), width)}\n    ${oneLine(row.message, width)}`,
          ),
      ),
    ),
  ];
}

/** The triage: each known reason, how often it holds, and for which codes. */
function reasonLines(rows) {
  const byReason = new Map();
  for (const row of rows) {
    if (row.reason === null) continue;
    byReason.set(row.reason, [...(byReason.get(row.reason) ?? []), row]);
  }
  return [...byReason]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .flatMap(([{ cause, who, why }, some]) => [
      `${some.length} only ${who}, ${cause} (${[...new Set(some.map(({ code }) => code))].toSorted().join(" ")})`,
      `    ${why}`,
      "",
    ]);
}
