import { Command, CommanderError } from "commander";
import { UserError } from "#model/problem.ts";
import { visible } from "#report/terminal/visible.ts";
import { addAudit } from "./audit.ts";
import { addCheck } from "./check.ts";
import { addCompletion } from "./completion.ts";
import { type CommandContext, EXIT } from "./context.ts";
import { addExplain } from "./explain.ts";
import { addLint } from "./lint.ts";
import { addLsp } from "./lsp.ts";
import { addMap } from "./map.ts";
import { addProve } from "./prove.ts";

/** The whole command line; completion reads it too. */
export function buildProgram(context: CommandContext): Command {
  const program = new Command("seaworthy")
    .description("Finds what lets a container reach its host, and tells how to close it.")
    .version(context.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      outputError: (text, write) =>
        write(
          `seaworthy: ${visible(
            text
              .trim()
              .replace(/^error: /, "")
              .replace("\n", " "),
          )}\n`,
        ),
    })
    .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? 100, 110), showGlobalOptions: false })
    .addHelpText(
      "after",
      `
Exit codes: 0 nothing at or above the gate, 1 findings at or above it, 2 wrong command or input,
            3 the work could not be completed (what was found is printed)
`,
    );
  addCheck(program, context);
  addAudit(program, context);
  addLint(program, context);
  addLsp(program, context);
  addMap(program, context);
  addProve(program, context);
  addExplain(program, context);
  addCompletion(program, context);
  return program;
}

// An option with an optional value would take the file behind it for its value.
const MODES = new Set(["--fix", "--fix-dry-run"]);

function withFixModes(argv: readonly string[]): string[] {
  const end = argv.indexOf("--");
  return argv.map((word, at) => (MODES.has(word) && (end === -1 || at < end) ? `${word}=safe` : word));
}

/**
 * Runs the command line.
 *
 * @param argv arguments without node and script
 * @returns the exit code
 */
export async function main(argv: readonly string[], version: string): Promise<number> {
  let exitCode: number = EXIT.clean;
  const program = buildProgram({
    version,
    exit: (code) => {
      exitCode = Math.max(exitCode, code);
    },
  });
  try {
    await program.parseAsync(withFixModes(argv), { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
    if (error instanceof UserError) {
      for (const line of error.message.split("\n")) process.stderr.write(`seaworthy: ${visible(line)}\n`);
      return error.exitCode;
    }
    process.stderr.write(
      `seaworthy: a fault of this program: ${error instanceof Error ? error.message : String(error)}\n` +
        "seaworthy: set SEAWORTHY_DEBUG=1 to see where, and report it\n",
    );
    if (process.env.SEAWORTHY_DEBUG !== undefined) process.stderr.write(`${(error as Error).stack}\n`);
    return EXIT.incomplete;
  }
}
