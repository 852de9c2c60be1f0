import type { Command } from "commander";

interface CheckOptions {
  host?: string;
  context?: string;
  tlsCertPath?: string;
  timeout: string;
  format: string;
  failOn?: string;
}

/** `seaworthy check`: what is wrong here? */
export function addCheck(program: Command, version: string, exit: (code: number) => void): void {
  program
    .command("check", { isDefault: true })
    .description("find what is wrong on this host: engine, host, containers and images")
    .argument("[targets...]", "containers or images to judge (globs); all by default")
    .option(
      "-H, --host <url>",
      "engine to ask: unix:///path or tcp://host:port (default: DOCKER_HOST, context, usual sockets)",
    )
    .option("--context <name>", "docker context to use")
    .option("--tls-cert-path <folder>", "folder with ca.pem, cert.pem and key.pem for a TCP engine")
    .option("--timeout <seconds>", "how long one question to the engine may take", "2")
    .option("-f, --format <name>", "how to print the report", "table")
    .option("--fail-on <severity>", "lowest severity that makes the exit code 1")
    .action(async (_targets: string[], options: CheckOptions) => {
      const started = performance.now();
      const [
        { collect },
        { findEndpoint },
        { judge, subjectsOf },
        { buildReport },
        { render },
        { loadPolicy },
      ] = await Promise.all([
        import("#evidence/collect.ts"),
        import("#evidence/engine/endpoint.ts"),
        import("#rules/judge.ts"),
        import("#report/build.ts"),
        import("#report/render.ts"),
        import("#policy/load.ts"),
      ]);
      const policy = await loadPolicy(undefined, process.cwd());
      const evidence = await collect({
        endpoint: findEndpoint({ ...options, env: process.env }),
        roots: {},
        timeoutMs: Number(options.timeout) * 1000,
        version,
        env: process.env,
      });
      const report = buildReport({
        evidence,
        subjects: subjectsOf(evidence, policy.settings).map(({ subject }) => ({ ...subject, facts: [] })),
        findings: judge(evidence, policy.settings),
        notices: [],
        compliance: null,
        gate: policy.failOn,
        source: "live",
        durationMs: performance.now() - started,
      });
      const colour = process.stdout.isTTY && !process.env.NO_COLOR;
      process.stdout.write(
        await render(options.format, report, {
          colour,
          width: process.stdout.columns ?? 100,
          verbose: false,
        }),
      );
      exit(report.summary.gated > 0 ? 1 : evidence.problems.length > 0 ? 3 : 0);
    });
}
