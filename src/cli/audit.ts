import type { Command } from "commander";
import { addAuditOptions, type AuditOptions } from "./audit-options.ts";
import type { CommandContext } from "./context.ts";

/** `seaworthy audit`: the same look, shown against a benchmark. */
export function addAudit(program: Command, context: CommandContext): void {
  const command = program
    .command("audit")
    .summary("the same, shown per recommendation of the CIS Docker Benchmark")
    .description(
      "Judges host, daemon and containers as check does, and adds the view per section of the CIS Docker Benchmark: passed, failed, not judged, manual. The rules and their words are our own and map to its recommendations.",
    );
  addAuditOptions(command, "cis-docker-1.8")
    .addHelpText(
      "after",
      `
Examples:
  sudo seaworthy audit                                  CIS Docker Benchmark 1.8 on this host
  sudo seaworthy audit --benchmark cis-docker-1.6       in the numbering of 1.6
  sudo seaworthy audit --format html > audit.html       to read, print or attach
`,
    )
    .action(async (targets: string[], options: AuditOptions) => {
      const { runAudit } = await import("./run-audit.ts");
      context.exit(await runAudit(targets, options, context));
    });
}
