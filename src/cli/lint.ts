import { type Command, Option } from "commander";
import { SOURCE_KINDS } from "#model/evidence/source.ts";
import { PRESETS } from "#model/settings.ts";
import type { CommandContext } from "./context.ts";
import type { LintOptions } from "./lint/options.ts";

/** What stands behind `--`: a docker run line as the shell would split it; null without. */
function wordsBehindDashes(): string[] | null {
  const at = process.argv.indexOf("--");
  return at === -1 ? null : process.argv.slice(at + 1);
}

/** `seaworthy lint`: is this file good? */
export function addLint(program: Command, context: CommandContext): void {
  const collect = (value: string, before: string[] = []): string[] => [...before, value];
  program
    .command("lint")
    .summary("judge and mend Dockerfiles, Compose files, docker run lines, Kubernetes manifests")
    .description(
      "Judges files that people write for containers: Dockerfiles, Compose files, Kubernetes manifests, and docker run lines in scripts, Makefiles, Markdown and systemd units. Folders are walked, .gitignore is respected. --fix mends what can be mended without changing what the file does.",
    )
    .argument("[files...]", "files and folders (default: this folder); behind --, a docker run line")
    .optionsGroup("What to look at:")
    .option("--stdin", "read the file from standard input; also the name -")
    .option("--stdin-name <name>", "what to call standard input in reports, which also tells what it is")
    .addOption(
      new Option("--kind <kind>", "what the files are, where name and content do not tell").choices([
        ...SOURCE_KINDS,
      ]),
    )
    .option("--shellcheck", "add what the program shellcheck finds, if it is installed")
    .optionsGroup("What to mend:")
    .option("--fix [=all]", "mend the files; with =all also in ways that may change behaviour")
    .option("--fix-dry-run [=all]", "show what --fix would do, as a unified diff")
    .optionsGroup("What counts:")
    .addOption(
      new Option(
        "--preset <name>",
        "which rules: recommended (default), strict, hadolint (what hadolint and the builder say)",
      ).choices([...PRESETS]),
    )
    .option("--policy <file>", "policy (default: seaworthy.yaml here, if there is one)")
    .option(
      "--hadolint-config <file>",
      "hadolint's configuration (default: .hadolint.yaml, as hadolint finds it)",
    )
    .option(
      "--fail-on <severity>",
      "exit with 1 from this severity on: critical, high, medium, low, info, never (default: medium)",
    )
    .option("--baseline <file>", "JSON or SARIF report whose findings do not count again")
    .option("--no-pragmas", "comments in files accept nothing")
    .optionsGroup("How to show it:")
    .option(
      "-f, --format <name>",
      "table, json, sarif, html, markdown, junit, csv, github, teamcity, checkstyle, codeclimate, gitlab, gnu",
      "table",
    )
    .option("-o, --output <format=file>", "also write a report to a file; may be repeated", collect)
    .option("-v, --verbose", "show everything: low findings, all evidence")
    .option("-q, --quiet", "print nothing but problems; the exit code tells")
    .addHelpText(
      "after",
      `
Examples:
  seaworthy lint                                everything below this folder
  seaworthy lint Dockerfile compose.yaml        these files
  seaworthy lint --fix Dockerfile               mend what is safe to mend
  seaworthy lint --fix-dry-run=all .            show all that could be mended, as a diff
  seaworthy lint -- docker run --privileged x   one line
  helm template chart | seaworthy lint -        Kubernetes objects on standard input
  seaworthy lint --preset hadolint              the rules that you know
  seaworthy lint -o sarif=lint.sarif            the table here, SARIF into a file
`,
    )
    .action(async (files: string[], options: LintOptions) => {
      const { runLint } = await import("./lint/run.ts");
      const line = wordsBehindDashes();
      const named = line === null ? files : files.slice(0, files.length - line.length);
      context.exit(await runLint({ files: named, line, options }, context));
    });
}
