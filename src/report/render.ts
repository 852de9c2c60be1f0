import { UserError } from "#model/problem.ts";
import type { Report } from "#model/report.ts";

/** How to draw; formats for machines ignore it. */
export interface RenderOptions {
  colour: boolean;
  /** Columns of the terminal. */
  width: number;
  /** Show passed and not applicable findings, and all evidence. */
  verbose: boolean;
}

type Renderer = (report: Report, options: RenderOptions) => string;

// Each format is loaded when it is asked for.
const FORMATS: Record<string, () => Promise<{ default: Renderer }>> = {
  table: () => import("./formats/table.ts"),
  json: () => import("./formats/json.ts"),
  html: () => import("./formats/html.ts"),
  sarif: () => import("./formats/sarif.ts"),
  junit: () => import("./formats/junit.ts"),
  markdown: () => import("./formats/markdown.ts"),
  csv: () => import("./formats/csv.ts"),
  teamcity: () => import("./formats/teamcity.ts"),
  github: () => import("./formats/github.ts"),
  "docker-bench-json": () => import("./formats/docker-bench-json.ts"),
};

/** Names for `--format` and `--output`. */
export const FORMAT_NAMES: readonly string[] = Object.keys(FORMATS);

/**
 * Renders a report.
 *
 * @throws UserError if there is no such format
 */
export async function render(format: string, report: Report, options: RenderOptions): Promise<string> {
  const load = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (load === undefined) {
    throw new UserError(`--format ${format}: there is no such format. Known: ${FORMAT_NAMES.join(", ")}`);
  }
  return (await load()).default(report, options);
}
