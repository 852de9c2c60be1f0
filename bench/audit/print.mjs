// The figures and the comparison, for people.

const seconds = (ms) => `${(ms / 1000).toFixed(ms < 10_000 ? 3 : 1)} s`;
const megabytes = (bytes) => (bytes === null ? "-" : `${(bytes / 1e6).toFixed(0)} MB`);

/** One line of the table of costs. */
export function costLine(name, { wallMs, cpuMs, peakBytes }) {
  const cells = [seconds(wallMs), cpuMs === undefined ? "-" : seconds(cpuMs), megabytes(peakBytes ?? null)];
  return `${name.padEnd(38)}${cells.map((cell) => cell.padStart(10)).join("")}`;
}

/** The heading of that table. */
export const COST_HEADING = `${"".padEnd(38)}${["wall", "CPU", "memory"].map((word) => word.padStart(10)).join("")}`;

/** One bound: what it is, what was measured, and whether it is kept. */
export function boundLine({ name, measured, kept }) {
  return `${kept ? "kept  " : "MISSED"}  ${name.padEnd(46)} ${measured}`;
}

/** The comparison: the ids that agree in one paragraph, and each disagreement with its reason. */
export function comparisonLines(rows) {
  const agreed = rows.filter(({ agree }) => agree).map(({ id }) => id);
  const others = rows.filter(({ agree }) => !agree);
  const without = others.filter(({ reason }) => reason === null).length;
  return [
    `Verdicts for ${rows.length} ids of CIS Docker 1.6: ${agreed.length} agree, ${others.length} disagree (${without} without a known reason)`,
    "",
    ...wrap(`agree: ${agreed.join(" ")}`, 110),
    "",
    ...others.flatMap(({ id, their, our, reason }) => [
      `${id.padEnd(7)} theirs ${their.padEnd(7)} ours ${our}`,
      ...wrap(reason ?? "no reason known", 100).map((line) => `        ${line}`),
    ]),
  ];
}

function wrap(text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
