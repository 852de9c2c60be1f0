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

interface Format {
  default: Renderer;
  /** The same as bytes, where these cost less. */
  bytes?: (report: Report, options: RenderOptions) => Uint8Array;
}

// Each format is loaded when it is asked for.
const FORMATS: Record<string, () => Promise<Format>> = {
  table: () => import("./formats/table.ts"),
  json: () => import("./formats/json.ts"),
  html: () => import("./formats/html.ts"),
  sarif: () => import("./formats/sarif.ts"),
  junit: () => import("./formats/junit.ts"),
  markdown: () => import("./formats/markdown.ts"),
  csv: () => import("./formats/csv.ts"),
  teamcity: () => import("./formats/teamcity.ts"),
  github: () => import("./formats/github.ts"),
  checkstyle: () => import("./formats/checkstyle.ts"),
  codeclimate: () => import("./formats/codeclimate.ts"),
  // GitLab's code quality report is the same file.
  gitlab: () => import("./formats/codeclimate.ts"),
  gnu: () => import("./formats/gnu.ts"),
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
  return (await load(format)).default(report, options);
}

/**
 * Renders a report as it is written.
 *
 * @throws UserError if there is no such format
 */
export async function renderForWriting(
  format: string,
  report: Report,
  options: RenderOptions,
): Promise<string | Uint8Array> {
  const { default: text, bytes } = await load(format);
  return (bytes ?? text)(report, options);
}

async function load(format: string): Promise<Format> {
  const loading = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (loading === undefined) {
    throw new UserError(`--format ${format}: there is no such format. Known: ${FORMAT_NAMES.join(", ")}`);
  }
  return loading();
}
