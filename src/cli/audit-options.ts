import { type Command, Option } from "commander";

/** Options of check and audit, as commander hands them over. */
export interface AuditOptions {
  host?: string;
  context?: string;
  tlsCertPath?: string;
  timeout: number;
  root?: string;
  proc?: string;
  sys?: string;
  etc?: string;
  evidence?: string;
  saveEvidence?: string;
  policy?: string;
  failOn?: string;
  baseline?: string;
  benchmark?: string;
  format: string;
  output?: string[];
  verbose?: true;
  quiet?: true;
}

/** Adds the options that check and audit share. */
export function addAuditOptions(command: Command, benchmark?: string): Command {
  const collect = (value: string, before: string[] = []): string[] => [...before, value];
  return command
    .argument("[targets...]", "containers and images to judge, by name or glob (default: everything)")
    .optionsGroup("What to look at:")
    .option(
      "-H, --host <url>",
      "engine: unix:///path or tcp://host:port (default: DOCKER_HOST, the docker context, every usual socket)",
    )
    .option("--context <name>", "docker context to use")
    .option("--tls-cert-path <folder>", "ca.pem, cert.pem and key.pem for a TCP engine")
    .option("--timeout <seconds>", "how long one question to the engine may take", Number, 2)
    .option("--root <folder>", "where the host's root is mounted, if not /")
    .addOption(new Option("--proc <folder>", "where the host's /proc is mounted").hideHelp())
    .addOption(new Option("--sys <folder>", "where the host's /sys is mounted").hideHelp())
    .addOption(new Option("--etc <folder>", "where the host's /etc is mounted").hideHelp())
    .option("--evidence <file>", "judge what --save-evidence wrote, and look at nothing")
    .option("--save-evidence <file>", "also write what was seen, to judge it elsewhere or later")
    .optionsGroup("What counts:")
    .option("--policy <file>", "policy (default: seaworthy.yaml here, if there is one)")
    .option(
      "--fail-on <severity>",
      "exit with 1 from this severity on: critical, high, medium, low, info, never (default: high)",
    )
    .option("--baseline <file>", "JSON or SARIF report whose findings do not count again")
    .optionsGroup("How to show it:")
    .option(
      "--benchmark <name>",
      "add the view per recommendation: cis-docker-1.8, cis-docker-1.7, cis-docker-1.6",
      benchmark,
    )
    .option(
      "-f, --format <name>",
      "table, json, sarif, html, markdown, junit, csv, github, teamcity, docker-bench-json",
      "table",
    )
    .option("-o, --output <format=file>", "also write a report to a file; may be repeated", collect)
    .option("-v, --verbose", "show everything: low findings, passes, all evidence")
    .option("-q, --quiet", "print nothing but problems; the exit code tells");
}
