import { type Problem, UserError } from "#model/problem.ts";
import type { Report } from "#model/report.ts";
import { writeWhole } from "#evidence/write-whole.ts";
import { FORMAT_NAMES, renderForWriting } from "#report/render.ts";
import { visible } from "#report/terminal/visible.ts";
import { usesColour } from "./colour.ts";

/** Options of every command that shows a report. */
interface ShowOptions {
  format: string;
  output?: string[];
  verbose?: true;
  quiet?: true;
}

/** A report that is also written to a file. */
interface Output {
  format: string;
  path: string;
}

/**
 * Reads `--output` and checks `--format`.
 *
 * @throws UserError if one names no format
 */
export function readOutputs({ output = [], format }: ShowOptions): Output[] {
  const known = (name: string): string => {
    if (FORMAT_NAMES.includes(name)) return name;
    throw new UserError(`${name}: there is no such format. Known: ${FORMAT_NAMES.join(", ")}`);
  };
  known(format);
  return output.map((entry) => {
    const equals = entry.indexOf("=");
    if (equals < 1 || equals === entry.length - 1) {
      throw new UserError(`--output ${entry}: write it as FORMAT=FILE, for example sarif=report.sarif`);
    }
    return { format: known(entry.slice(0, equals)), path: entry.slice(equals + 1) };
  });
}

/**
 * Writes a report into the files that were asked for, and prints it.
 *
 * @param problems what goes to stderr where the printed format is none for people
 * @throws UserError if a file cannot be written
 */
export async function showReport(
  report: Report,
  problems: readonly Problem[],
  outputs: readonly Output[],
  options: ShowOptions,
): Promise<void> {
  for (const { format, path } of outputs) {
    writeWhole(path, await renderForWriting(format, report, { colour: false, width: 100, verbose: true }));
  }
  if (options.quiet === true) {
    complain(report.problems);
    return;
  }
  const colour = usesColour();
  const width = process.stdout.columns ?? 100;
  process.stdout.write(
    await renderForWriting(options.format, report, { colour, width, verbose: options.verbose === true }),
  );
  if (options.format !== "table") complain(problems);
}

// Evidence may come from anywhere: what it says must not steer the terminal.
function complain(problems: readonly Problem[]): void {
  for (const { what, where, todo } of problems) {
    const sentence = [where, what].filter((part) => part !== "").join(": ");
    process.stderr.write(`seaworthy: ${visible(todo === "" ? sentence : `${sentence}; ${todo}`)}\n`);
  }
}
