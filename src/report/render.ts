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
};

/** Names for `--format` and `--output`. */
export const FORMAT_NAMES: readonly string[] = Object.keys(FORMATS);

/**
 * Renders a report.
 *
 * @throws UserError if there is no such format
 */
export async function render(format: string, report: Report, options: RenderOptions): Promise<string> {
  const load = FORMATS[format];
  if (load === undefined) {
    throw new UserError(`--format ${format}: there is no such format. Known: ${FORMAT_NAMES.join(", ")}`);
  }
  return (await load()).default(report, options);
}
