import { Option, type Command } from "commander";
import { PRESETS } from "#model/settings.ts";
import type { CommandContext } from "./context.ts";

interface LspOptions {
  stdio?: true;
  preset?: string;
  policy?: string;
  hadolintConfig?: string;
}

/** `seaworthy lsp`: findings where they are written. */
export function addLsp(program: Command, context: CommandContext): void {
  program
    .command("lsp")
    .summary("serve an editor: findings, quick fixes and their reasons while you type")
    .description(
      "Serves an editor that speaks the Language Server Protocol, over standard input and output: diagnostics for Dockerfiles, Compose files, Kubernetes manifests and docker run lines, quick fixes, and what is behind a finding on hover. seaworthy.yaml and .hadolint.yaml of the workspace hold.",
    )
    .option("--stdio", "speak over standard input and output (always so; editors pass it)")
    .addOption(
      new Option("--preset <name>", "which rules: recommended (default), strict, hadolint").choices([
        ...PRESETS,
      ]),
    )
    .option("--policy <file>", "policy for every folder (default: seaworthy.yaml of the workspace folder)")
    .option(
      "--hadolint-config <file>",
      "hadolint's configuration for every folder (default: .hadolint.yaml, as hadolint finds it)",
    )
    .addHelpText(
      "after",
      `
Neovim:
  vim.lsp.start({ name = "seaworthy", cmd = { "seaworthy", "lsp" }, root_dir = vim.fn.getcwd() })
Helix (languages.toml):
  [language-server.seaworthy]
  command = "seaworthy"
  args = ["lsp"]
`,
    )
    .action(async ({ preset, policy, hadolintConfig }: LspOptions) => {
      const [{ serve }, { resolve }] = await Promise.all([import("./lsp/serve.ts"), import("node:path")]);
      const { stdin: input, stdout: output, stderr: log } = process;
      context.exit(
        await serve(
          { input, output, log },
          {
            version: context.version,
            ...(preset === undefined ? {} : { preset }),
            // The working folder becomes that of the document in hand.
            ...(policy === undefined ? {} : { policy: resolve(policy) }),
            ...(hadolintConfig === undefined ? {} : { hadolintConfig: resolve(hadolintConfig) }),
          },
        ),
      );
    });
}
