import type { Command } from "commander";
import { usesColour } from "./colour.ts";
import { type CommandContext, EXIT } from "./context.ts";

/** `seaworthy explain RULE`: what is the risk, what is the countermeasure, where is it written? */
export function addExplain(program: Command, context: CommandContext): void {
  program
    .command("explain")
    .summary("tell the risk and the countermeasure of a rule")
    .description(
      "Prints what a rule looks for, what an attacker does with it, how to mend it, and where that is written.",
    )
    .argument("<rule>", "id of a rule, or another name of it: SW-CTR-PID-HOST, cis-docker-1.8:5.16, DL3002")
    .addHelpText(
      "after",
      `
Examples:
  seaworthy explain SW-CTR-ENGINE-SOCKET
  seaworthy explain cis-docker-1.8:5.32
`,
    )
    .action(async (name: string) => {
      const { explainRule } = await import("#report/explain.ts");
      const width = Math.min(process.stdout.columns ?? 100, 100);
      process.stdout.write(explainRule(name, { colour: usesColour(), width }));
      context.exit(EXIT.clean);
    });
}
