// The linter as a library: built into a folder of its own, so that hundreds of texts are judged in one process.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const ENTRY = `
export { lintFile, lintSetup } from "#cli/lint/lint-file.ts";
export { mendFile } from "#cli/lint/mend-files.ts";
export { sourceOf } from "#evidence/project/read-source.ts";
export { parseDockerfile } from "#evidence/dockerfile/parse.ts";
export { DEFAULT_POLICY } from "#policy/policy.ts";
export { aliasesOf } from "#rules/benchmarks/cis-docker.ts";
export { RULES } from "#rules/index.ts";
`;

/** Builds and loads the linter from the sources as they are. */
export async function loadLinter() {
  const folder = mkdtempSync(join(tmpdir(), "seaworthy-linter-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, "linter.mjs");
  await build({
    absWorkingDir: root,
    stdin: { contents: ENTRY, resolveDir: root, loader: "ts" },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    banner: {
      js: 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);',
    },
    logLevel: "warning",
  });
  return import(pathToFileURL(outfile).href);
}

/**
 * A linter for Dockerfiles under a preset.
 *
 * @param on names of rules that are on although the preset has them off
 * @param settings of rules, over the preset's
 * @param plain whether findings are given as they are
 * @returns a function from a text to its findings that count, with the line on which their instruction begins
 */
export function linter(library, { preset, on = [], settings = {}, plain = false }) {
  const { DEFAULT_POLICY, lintSetup, lintFile, parseDockerfile, RULES, aliasesOf } = library;
  const policy = {
    ...DEFAULT_POLICY,
    settings: { ...DEFAULT_POLICY.settings, ...settings, preset },
  };
  const forced = RULES.filter((rule) => [rule.id, ...aliasesOf(rule)].some((name) => on.includes(name)));
  const setup = lintSetup(policy, "0.0.0", Date.now());
  const rules = [
    ...setup.rules.filter((rule) => !forced.includes(rule)),
    ...forced.map((rule) => ({ ...rule, presets: { ...rule.presets, [preset]: rule.severity } })),
  ];
  const judged = new Set([...setup.judged, ...forced.flatMap((rule) => [rule.id, ...aliasesOf(rule)])]);
  // Nothing lies around a text that stands nowhere.
  return (text, path = "/nonexistent/Dockerfile") => {
    const { findings } = lintFile(
      { path, kind: "dockerfile", text, utf8: true },
      { ...setup, rules, judged },
    );
    if (plain) return findings;
    const firstLine = instructionLines(parseDockerfile(text));
    return findings
      .filter(({ verdict, exception }) => verdict === "fail" && exception === null)
      .map((finding) => {
        const line = finding.location?.startLine ?? 1;
        return { ...finding, line, instructionLine: firstLine(line) };
      });
  };
}

/** Tells on which line the instruction begins that holds a line; the line itself between instructions. */
export function instructionLines({ lines, instructions }) {
  const starts = [];
  for (const { range } of instructions) {
    const first = lineOf(lines, range.start);
    for (let line = first; line <= lineOf(lines, Math.max(range.start, range.end - 1)); line += 1)
      starts[line] ??= first;
  }
  return (line) => starts[line] ?? line;
}

function lineOf(lines, offset) {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
