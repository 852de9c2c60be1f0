import type { Dockerfile, SyntaxProblem } from "#model/evidence/dockerfile.ts";
import { lineAt } from "./lines.ts";

// Go, bufio.MaxScanTokenSize less one, in bytes
const LONGEST = 65_535;
const MOST = 20;

/** Lines that the builder cannot read: it takes up to 65,535 bytes (moby/buildkit, parser.go, handleScannerError). */
export function longLines({ text, lines: starts }: Pick<Dockerfile, "text" | "lines">): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  if (text.length * 3 <= LONGEST) return problems;
  for (let index = 0; index < starts.length && problems.length < MOST; index += 1) {
    const start = starts[index] as number;
    const next = starts[index + 1];
    const end = next === undefined ? text.length : next - 1;
    // A UTF-16 unit takes up to three bytes.
    if ((end - start) * 3 <= LONGEST || Buffer.byteLength(text.slice(start, end)) <= LONGEST) continue;
    const line = lineAt({ text, starts, count: starts.length }, index);
    const range = { start: line.start, end: Math.min(line.end, line.start + 80) };
    problems.push({
      code: "length",
      message: "the line is longer than the 65,535 bytes that the builder reads",
      range,
    });
  }
  return problems;
}
