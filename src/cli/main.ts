import { Command, CommanderError } from "commander";
import { UserError } from "#model/problem.ts";
import { addCheck } from "./check.ts";

/** Exit codes of every command (see docs/exit-codes.md). */
export const EXIT = { clean: 0, findings: 1, usage: 2, incomplete: 3 } as const;

/**
 * Runs the command line.
 *
 * @param argv arguments without node and script
 * @returns the exit code
 */
export async function main(argv: readonly string[], version: string): Promise<number> {
  let exitCode: number = EXIT.clean;
  const program = new Command("seaworthy")
    .description(
      "Finds, explains, fixes and proves container security problems, from the Dockerfile to the running host.",
    )
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? 100, 110) });
  addCheck(program, version, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv as string[], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
    if (error instanceof UserError) {
      process.stderr.write(`seaworthy: ${error.message}\n`);
      return error.exitCode;
    }
    throw error;
  }
}
