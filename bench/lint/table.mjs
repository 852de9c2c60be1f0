// Tables for people who look for what is wrong.

/** Lines of a table: the first column to the left, the others to the right. */
export function table(heading, rows) {
  const all = [heading, ...rows.map((row) => row.map(String))];
  const widths = heading.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join("  ")
      .trimEnd(),
  );
}

/** A text in one line, cut where it is long. */
export function oneLine(text, most = 110) {
  const line = text.trim().replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
