import type { Command } from "commander";
import { type CommandContext, EXIT } from "./context.ts";

/** `seaworthy completion SHELL`: the script that a shell reads at start. */
export function addCompletion(program: Command, context: CommandContext): void {
  program
    .command("completion")
    .summary("print the completion script for bash, zsh or fish")
    .description("Prints a script that completes commands, options and rule ids.")
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText(
      "after",
      `
Examples:
  seaworthy completion bash > /etc/bash_completion.d/seaworthy
  seaworthy completion zsh > "\${fpath[1]}/_seaworthy"
  seaworthy completion fish > ~/.config/fish/completions/seaworthy.fish
`,
    )
    .action(async (shell: string) => {
      const { completionScript } = await import("./completion-script.ts");
      process.stdout.write(completionScript(shell, program));
      context.exit(EXIT.clean);
    });
}
