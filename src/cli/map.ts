import { type Command, Option } from "commander";
import type { CommandContext } from "./context.ts";

/** Options of `seaworthy map`. */
export interface MapOptions {
  host?: string;
  context?: string;
  timeout: number;
  evidence?: string;
  format: "text" | "svg" | "json";
  verbose?: true;
}

/** `seaworthy map`: how many barriers stand between this container and my host? */
export function addMap(program: Command, context: CommandContext): void {
  program
    .command("map")
    .summary("draw how many barriers stand between a container and the host")
    .description(
      "Draws for each container the ways by which code in it reaches the host, the engine or its neighbours, and the walls on each way that stand or are missing. The number is the fewest walls on any way to the host: 0 is open now.",
    )
    .argument(
      "[containers...]",
      "containers by name or glob, or Compose files, which are mapped as they would start (default: all)",
    )
    .option("-H, --host <url>", "engine: unix:///path or tcp://host:port")
    .option("--context <name>", "docker context to use")
    .option("--timeout <seconds>", "how long one question to the engine may take", Number, 2)
    .option("--evidence <file>", "map what --save-evidence wrote, and look at nothing")
    .addOption(
      new Option("-f, --format <name>", "how to draw it").choices(["text", "svg", "json"]).default("text"),
    )
    .option("-v, --verbose", "draw every container in full")
    .addHelpText(
      "after",
      `
Examples:
  sudo seaworthy map                   all containers, the least held first
  sudo seaworthy map web               every lane of one container
  seaworthy map web -f svg > web.svg   the same as a picture
  seaworthy map compose.yaml           before anything is started
`,
    )
    .action(async (names: string[], options: MapOptions) => {
      const { runMap } = await import("./run-map.ts");
      context.exit(await runMap(names, options, context));
    });
}
