import type { Command } from "commander";
import { addAuditOptions, type AuditOptions } from "./audit-options.ts";
import type { CommandContext } from "./context.ts";

/** `seaworthy check`: what is wrong here? */
export function addCheck(program: Command, context: CommandContext): void {
  const command = program
    .command("check", { isDefault: true })
    .summary("find what is wrong here: engine, host, containers and images")
    .description(
      "Looks at the container engines of this host, the host itself, its containers and images, and tells what is wrong, worst first. Needs no privileges, but sees more with them: what it could not read is shown as not judged, never as fine.",
    );
  addAuditOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  sudo seaworthy check                          everything on this host
  seaworthy check web 'db-*'                    these containers only
  seaworthy check --fail-on medium --quiet      for a pipeline: exit code 1 from medium on
  seaworthy check --output sarif=out.sarif      the table here, SARIF into a file
  seaworthy check --save-evidence host.json     keep what was seen, to judge it elsewhere
  seaworthy check --evidence host.json          judge that, without touching the host
`,
    )
    .action(async (targets: string[], options: AuditOptions) => {
      const { runAudit } = await import("./run-audit.ts");
      context.exit(await runAudit(targets, options, context));
    });
}
