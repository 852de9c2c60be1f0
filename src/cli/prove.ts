import type { Command } from "commander";
import type { CommandContext } from "./context.ts";

/** Options of `seaworthy prove`. */
export interface ProveCommandOptions {
  host?: string;
  context?: string;
  check?: string;
  settle: number;
  measure?: true;
  proof?: string;
  quiet?: true;
}

/** `seaworthy prove`: does the fix hold? */
export function addProve(program: Command, context: CommandContext): void {
  program
    .command("prove")
    .summary("try the attacks on a copy of a container, before and after it is held tighter")
    .description(
      "Starts copies of a container beside it: one in which a small program tries every technique as the container is held now, others in which its own program runs under tighter and tighter settings, and one in which the techniques are tried again under the tightest that worked. The container itself is only looked at; what is made is taken away again.",
    )
    .argument("<container>", "a container, by name or id")
    .option("-H, --host <url>", "engine: unix:///path or tcp://host:port")
    .option("--context <name>", "docker context to use")
    .option(
      "--check <command>",
      "shell command inside that must end with 0 for the workload to count as working",
    )
    .option("--settle <seconds>", "longest wait for the workload to settle", Number, 5)
    .option("--measure", "only try the techniques as it is")
    .option("--proof <file>", "also write everything that was run and seen, as JSON")
    .option("-q, --quiet", "print nothing but problems; the exit code tells")
    .addHelpText(
      "after",
      `
Examples:
  sudo seaworthy prove web
  sudo seaworthy prove web --check 'wget -qO- http://127.0.0.1/'
  sudo seaworthy prove db --measure --proof db.json

Exit codes: 0 proven, 1 something is open after all, 2 wrong command, 3 not proven
`,
    )
    .action(async (container: string, options: ProveCommandOptions) => {
      const { runProve } = await import("./run-prove.ts");
      context.exit(await runProve(container, options, context));
    });
}
