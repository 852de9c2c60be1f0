import type { Directive } from "#model/evidence/dockerfile.ts";
import type { Line } from "./lines.ts";

const DIRECTIVE = /^#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*$/;
const KNOWN = new Set(["syntax", "escape", "check"]);

/** Parser directives, and the two-letter faults that the builder refuses. */
export interface Directives {
  directives: Directive[];
  escape: "\\" | "`";
  problems: { message: string; at: number }[];
}

/**
 * Reads the directives at the top of a file (Dockerfile reference, "Parser directives"): lines `# name=value`
 * before anything else. Names that the builder does not know are passed over, as it does. A `#!` line may stand
 * before them.
 *
 * @param lines the lines of the file; reading stops at the first that is no directive
 */
export function readDirectives(text: string, lines: readonly Line[]): Directives {
  const found: Directives = { directives: [], escape: "\\", problems: [] };
  const seen = new Set<string>();
  for (const [at, line] of lines.entries()) {
    const content = text.slice(line.start, line.end);
    if (at === 0 && content.startsWith("#!")) continue;
    const match = DIRECTIVE.exec(content);
    if (match === null) break;
    const [whole, name = "", value = ""] = match;
    const lower = name.toLowerCase();
    if (!KNOWN.has(lower)) continue;
    if (seen.has(lower)) {
      found.problems.push({ message: `the directive ${lower} is given twice`, at: line.start });
      continue;
    }
    seen.add(lower);
    const start = line.start + whole.lastIndexOf(value);
    found.directives.push({
      name: lower,
      value,
      range: { start: line.start, end: line.end },
      valueRange: { start, end: start + value.length },
    });
    if (lower !== "escape") continue;
    if (value === "\\" || value === "`") found.escape = value;
    else
      found.problems.push({ message: `the escape character is \\ or \`, not ${value}`, at: line.start });
  }
  return found;
}
